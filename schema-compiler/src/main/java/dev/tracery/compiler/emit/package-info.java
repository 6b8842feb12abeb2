/// What is written from a schema version: descriptors, `.proto` text and decode plans.
@NullMarked
@Version("0.1.0")
package dev.tracery.compiler.emit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
