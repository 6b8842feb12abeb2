package dev.tracery.trace;

import dev.tracery.diagnostic.Diagnostic;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/// An input that is no trace, or of which no record can be found: what is wrong, where, and what to
/// do about it. Damage in a trace that can be opened is no exception but in [Trace#problems].
public final class TraceException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient List<Diagnostic> diagnostics;

  /// With at least one diagnostic, the decisive one first.
  public TraceException(List<Diagnostic> diagnostics) {
    super(diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n")));
    this.diagnostics = List.copyOf(diagnostics);
  }

  /// What is wrong, the decisive problem first.
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
