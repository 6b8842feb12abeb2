package dev.tracery.client;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;

/// Turns diagnostics as they are sent into diagnostics as they are shown.
public final class DiagnosticReader {

  private DiagnosticReader() {}

  /// The diagnostic; one without a known severity is an error.
  public static Diagnostic read(dev.tracery.v1.Diagnostic sent) {
    return new Diagnostic(
        sent.getSeverity() == dev.tracery.v1.Severity.SEVERITY_WARNING
            ? Severity.WARNING
            : Severity.ERROR,
        sent.getCode(),
        new SourceLocation(sent.getFile(), sent.getLine(), sent.getColumn(), sent.getByteOffset()),
        sent.getMessage(),
        sent.getHint());
  }
}
