package dev.tracery.compiler;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.Target;
import java.util.List;
import java.util.Optional;

/// Turns the text of one format file into a layout. Thread-safe.
public final class FormatCompiler {

  /// With the default limits.
  public FormatCompiler() {}

  /// Reads one format file. All problems are reported, not only the first.
  ///
  /// @param file how diagnostics name it
  public Result compile(String file, byte[] text, Target target) {
    throw new UnsupportedOperationException();
  }

  /// What was found.
  ///
  /// @param layout empty if and only if a diagnostic is an error
  /// @param id the `ID:` line's number; -1 where there is none
  /// @param diagnostics in the order of their places
  public record Result(Optional<Layout> layout, int id, List<Diagnostic> diagnostics) {}
}
