@NullMarked
package dev.tracery.client.decode;

import org.jspecify.annotations.NullMarked;
