/// From a kernel's formats to protobuf schemas: the passes in order are
/// [dev.tracery.compiler.syntax] and [dev.tracery.compiler.print] (text to trees),
/// [dev.tracery.compiler.layout] (what the bytes mean), [dev.tracery.compiler.lineage] (what fields
/// are called for ever) and [dev.tracery.compiler.emit] (descriptors, `.proto` text, decode plans).
@NullMarked
@Version("0.1.0")
package dev.tracery.compiler;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
