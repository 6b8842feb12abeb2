package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;

/// Ends the reading of one part of an input. An `IOException`, so that it passes through streams.
public final class DamagedInput extends IOException {

  private static final long serialVersionUID = 1;

  private final transient Diagnostic diagnostic;

  DamagedInput(InputCode code, SourceLocation where, String message, String hint) {
    super(message);
    this.diagnostic = code.at(where, message, hint);
  }

  /// What is wrong, and where.
  public Diagnostic diagnostic() {
    return diagnostic;
  }
}
