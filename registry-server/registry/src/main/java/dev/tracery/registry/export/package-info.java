/// Exports: the log with its blobs as one file. `export.proto` documents the format.
@NullMarked
package dev.tracery.registry.export;

import org.jspecify.annotations.NullMarked;
