/// Records become text, as the kernel's print formats would have it.
@NullMarked
@Version("0.1.0")
package dev.tracery.render;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
