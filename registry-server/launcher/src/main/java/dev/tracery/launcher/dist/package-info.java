/// What runs when the distribution is built, and never in the server.
@NullMarked
package dev.tracery.launcher.dist;

import org.jspecify.annotations.NullMarked;
