/// The store SPI: an ordered log of commits and content-addressed blobs. Everything clever lives
/// above it.
@NullMarked
@Version("0.1.0")
package dev.tracery.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
