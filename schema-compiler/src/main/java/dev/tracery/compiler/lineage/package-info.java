/// The versions of one event's schema and the field numbers that hold across all of them.
@NullMarked
@Version("0.1.0")
package dev.tracery.compiler.lineage;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
