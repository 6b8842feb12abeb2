/// The distribution as it is run: `bin/tracery serve` in a process of its own.
@NullMarked
package dev.tracery.it.launcher;

import org.jspecify.annotations.NullMarked;
