@NullMarked
package dev.tracery.client.negotiate;

import org.jspecify.annotations.NullMarked;
