/// Records that a tool decodes itself: [EventDecoder] is made from what a negotiation says of an
/// event, and gives fields by name, names of values, and messages.
@NullMarked
@Version("0.1.0")
package dev.tracery.client.decode;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
