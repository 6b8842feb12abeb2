/// The nouns that every part of Tracery shares: hashes, event names, kernels and their targets.
/// Immutable values without behaviour beyond checking and printing themselves.
@NullMarked
@Version("0.1.0")
package dev.tracery.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
