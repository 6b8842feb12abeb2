/// Whether a tool can run on the kernel that it sees, and how it reads each event: asked of a
/// registry when the tool starts, kept on disk, and answered from there while the registry cannot
/// be reached. [Negotiator] is where to begin.
@NullMarked
@Version("0.1.0")
package dev.tracery.client.negotiate;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
