/// Translator bundles: made, installed, tracked, quarantined and dropped.
@NullMarked
package dev.tracery.translate.server;

import org.jspecify.annotations.NullMarked;
