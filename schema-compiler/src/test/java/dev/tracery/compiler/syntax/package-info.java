@NullMarked
package dev.tracery.compiler.syntax;

import org.jspecify.annotations.NullMarked;
