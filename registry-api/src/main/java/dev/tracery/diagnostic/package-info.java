/// What is found in an input, as values: severity, stable code, place, message and hint. Rendered
/// elsewhere.
@NullMarked
@Version("0.1.0")
package dev.tracery.diagnostic;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
