@NullMarked
package dev.tracery.cli.consumerfile;

import org.jspecify.annotations.NullMarked;
