@NullMarked
package dev.tracery.metrics.prometheus;

import org.jspecify.annotations.NullMarked;
