/// Whole lines of text: records with their heads, as `trace-cmd report` or the kernel's `trace`
/// file writes them.
@NullMarked
@Version("0.1.0")
package dev.tracery.render.line;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
