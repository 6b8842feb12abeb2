package dev.tracery.compiler.emit;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.tracery.compiler.lineage.SchemaVersion;

/// Reads back what [DescriptorEmitter] wrote, so that a lineage can be continued from its latest
/// descriptor.
public final class DescriptorReader {

  /// The schema version in a file.
  ///
  /// @throws IllegalArgumentException if the file is not one that [DescriptorEmitter] wrote, saying
  ///   why
  public SchemaVersion read(FileDescriptorProto file) {
    throw new UnsupportedOperationException();
  }
}
