@NullMarked
package dev.tracery.compiler.input;

import org.jspecify.annotations.NullMarked;
