/// Components that tests put into bundles of their own.
@NullMarked
package dev.tracery.launcher.components;

import org.jspecify.annotations.NullMarked;
