/// The bridges that are installed, and what they fill in which layout.
@NullMarked
package dev.tracery.registry.bridge;

import org.jspecify.annotations.NullMarked;
