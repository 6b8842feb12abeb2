@NullMarked
package dev.tracery.client.integration;

import org.jspecify.annotations.NullMarked;
