/// How stores pack what they keep. For implementations of the store SPI.
@NullMarked
@Version("0.1.0")
package dev.tracery.store.packing;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
