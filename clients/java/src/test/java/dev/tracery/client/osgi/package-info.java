@NullMarked
package dev.tracery.client.osgi;

import org.jspecify.annotations.NullMarked;
