@NullMarked
package dev.tracery.compiler.layout;

import org.jspecify.annotations.NullMarked;
