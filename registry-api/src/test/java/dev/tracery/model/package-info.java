/// The names and terms of the model.
@NullMarked
package dev.tracery.model;

import org.jspecify.annotations.NullMarked;
