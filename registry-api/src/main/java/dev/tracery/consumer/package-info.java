/// Tools and what they need of a kernel's events, as values. [ConsumerReader] is the only way in
/// from the wire and from files: what it has read is well-formed.
@NullMarked
@Version("0.1.0")
package dev.tracery.consumer;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
