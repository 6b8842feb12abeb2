/// What the evaluator takes for certain, beside what kernels say.
@NullMarked
package dev.tracery.render.evaluate;

import org.jspecify.annotations.NullMarked;
