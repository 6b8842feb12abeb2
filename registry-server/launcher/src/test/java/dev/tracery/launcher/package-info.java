@NullMarked
package dev.tracery.launcher;

import org.jspecify.annotations.NullMarked;
