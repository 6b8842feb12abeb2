@NullMarked
package dev.tracery.compiler;

import org.jspecify.annotations.NullMarked;
