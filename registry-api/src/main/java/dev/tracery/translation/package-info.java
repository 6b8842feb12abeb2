/// The translation of recorded traces, and the bundles that do it, as the server's bundles offer
/// them to each other. What is refused is a [dev.tracery.registry.RegistryException].
@NullMarked
@Version("0.1.0")
package dev.tracery.translation;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
