package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;

/// One entry of a tar.
///
/// @param path as the archive spells it
/// @param size of its content, in bytes
/// @param where its header begins in the (decompressed) archive
record TarEntry(String path, Kind kind, long size, SourceLocation where) {

  enum Kind {
    FILE,
    DIRECTORY,
    /// Symbolic or hard.
    LINK,
    /// A device, a pipe, a sparse file or a kind of tar's own.
    OTHER
  }
}
