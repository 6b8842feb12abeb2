@NullMarked
package dev.tracery.client.conformance;

import org.jspecify.annotations.NullMarked;
