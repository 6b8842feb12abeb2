@NullMarked
package dev.tracery.consumer;

import org.jspecify.annotations.NullMarked;
