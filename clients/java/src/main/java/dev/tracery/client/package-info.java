/// A client of the registry for Java programs. [TraceryClient] is the door; what it takes and
/// answers are the messages of `dev.tracery.v1`. Works on the class path and as an OSGi bundle.
@NullMarked
@Version("0.1.0")
package dev.tracery.client;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
