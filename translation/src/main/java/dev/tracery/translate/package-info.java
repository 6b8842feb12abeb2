/// Records become protobuf messages: the interpreter of decode plans, the generator of classes and
/// bundles, and the writer of translated traces.
@NullMarked
@Version("0.1.0")
package dev.tracery.translate;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
