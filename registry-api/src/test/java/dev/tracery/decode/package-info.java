@NullMarked
package dev.tracery.decode;

import org.jspecify.annotations.NullMarked;
