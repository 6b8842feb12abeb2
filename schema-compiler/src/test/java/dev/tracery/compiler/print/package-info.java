@NullMarked
package dev.tracery.compiler.print;

import org.jspecify.annotations.NullMarked;
