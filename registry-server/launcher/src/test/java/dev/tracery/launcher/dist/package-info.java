@NullMarked
package dev.tracery.launcher.dist;

import org.jspecify.annotations.NullMarked;
