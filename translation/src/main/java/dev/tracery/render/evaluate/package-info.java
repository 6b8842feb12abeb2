/// The expressions of print formats, compiled once into trees of [Node]s that compute with C's
/// types what the kernel's compiler made of them.
@NullMarked
package dev.tracery.render.evaluate;

import org.jspecify.annotations.NullMarked;
