package dev.tracery.grpc.status;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.v1.Severity;

/// A diagnostic for the wire.
public final class DiagnosticWriter {

  private DiagnosticWriter() {}

  /// The message of `diagnostic`.
  public static dev.tracery.v1.Diagnostic write(Diagnostic diagnostic) {
    return dev.tracery.v1.Diagnostic.newBuilder()
        .setSeverity(
            switch (diagnostic.severity()) {
              case WARNING -> Severity.SEVERITY_WARNING;
              case ERROR -> Severity.SEVERITY_ERROR;
            })
        .setCode(diagnostic.code())
        .setFile(diagnostic.location().file())
        .setLine(diagnostic.location().line())
        .setColumn(diagnostic.location().column())
        .setByteOffset(diagnostic.location().byteOffset())
        .setMessage(diagnostic.message())
        .setHint(diagnostic.hint())
        .build();
  }

  /// The same, its texts cut so that a few of them fit into the details of a status.
  static dev.tracery.v1.Diagnostic writeShort(Diagnostic diagnostic) {
    return write(diagnostic).toBuilder()
        .setFile(BoundedText.cut(diagnostic.location().file(), 300))
        .setMessage(BoundedText.cut(diagnostic.message(), 400))
        .setHint(BoundedText.cut(diagnostic.hint(), 300))
        .build();
  }
}
