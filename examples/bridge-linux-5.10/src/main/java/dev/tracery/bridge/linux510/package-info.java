/// An example of a bridge.
@NullMarked
package dev.tracery.bridge.linux510;

import org.jspecify.annotations.NullMarked;
