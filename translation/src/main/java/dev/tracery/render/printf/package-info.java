/// The kernel's `vsnprintf`: a format string and the compiled arguments become pieces that append
/// text.
@NullMarked
package dev.tracery.render.printf;

import org.jspecify.annotations.NullMarked;
