@NullMarked
package dev.tracery.client.example;

import org.jspecify.annotations.NullMarked;
