/// Text against what kernels and tools print.
@NullMarked
package dev.tracery.render;

import org.jspecify.annotations.NullMarked;
