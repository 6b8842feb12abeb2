@NullMarked
package dev.tracery.client.bench;

import org.jspecify.annotations.NullMarked;
