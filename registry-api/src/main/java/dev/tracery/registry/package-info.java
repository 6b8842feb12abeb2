/// The registry as other bundles see it: a service that answers with values and throws
/// [dev.tracery.registry.RegistryException].
@NullMarked
@Version("0.1.0")
package dev.tracery.registry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
