/// Records against the messages that they must become.
@NullMarked
package dev.tracery.translate;

import org.jspecify.annotations.NullMarked;
