/// What one format says about bytes: fields with offset, size, kind and placement, their symbols,
/// and the layout's hash.
@NullMarked
@Version("0.1.0")
package dev.tracery.compiler.layout;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
