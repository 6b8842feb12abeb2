/// The translator SPI: what a bundle implements that turns raw records into protobuf messages
/// ([dev.tracery.translator.KernelTranslator]), or that fills fields which a kernel renamed, split
/// or rescaled ([dev.tracery.translator.FieldBridge]).
@NullMarked
@Version("0.1.0")
package dev.tracery.translator;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
