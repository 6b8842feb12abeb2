/// The print format: its tokens, its C expressions as trees, and their constant values.
@NullMarked
@Version("0.1.0")
package dev.tracery.compiler.print;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
