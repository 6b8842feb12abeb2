package dev.tracery.compiler.emit;

import dev.tracery.compiler.lineage.SchemaVersion;

/// Writes a schema version as the text of a `.proto` file; `protoc` makes the same descriptor of
/// it.
public final class ProtoEmitter {

  /// The file's text.
  public String emit(SchemaVersion schema) {
    throw new UnsupportedOperationException();
  }
}
