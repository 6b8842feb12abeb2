/// What the wire protocol promises.
@NullMarked
package dev.tracery.protocol;

import org.jspecify.annotations.NullMarked;
