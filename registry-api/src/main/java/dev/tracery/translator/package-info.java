/// The translator SPI: what a bundle implements that turns raw records into protobuf messages.
@NullMarked
@Version("0.1.0")
package dev.tracery.translator;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
