/// Text against what kernels and tools print.
@NullMarked
package dev.tracery.render.line;

import org.jspecify.annotations.NullMarked;
