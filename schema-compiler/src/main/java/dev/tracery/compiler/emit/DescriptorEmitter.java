package dev.tracery.compiler.emit;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.tracery.compiler.lineage.SchemaVersion;

/// Writes a schema version as the descriptor of a file of its own.
public final class DescriptorEmitter {

  /// The file `linux/SYSTEM/EVENT.proto` with one message.
  public FileDescriptorProto emit(SchemaVersion schema) {
    throw new UnsupportedOperationException();
  }
}
