/// The ABI policy: what a change means for whom. Pure: no log, no store, no clock.
@NullMarked
package dev.tracery.registry.policy;

import org.jspecify.annotations.NullMarked;
