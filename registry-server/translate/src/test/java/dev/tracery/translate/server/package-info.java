@NullMarked
package dev.tracery.translate.server;

import org.jspecify.annotations.NullMarked;
