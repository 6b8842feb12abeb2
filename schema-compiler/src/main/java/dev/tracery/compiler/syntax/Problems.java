package dev.tracery.compiler.syntax;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is wrong with one file. Bounded: beyond the limit problems are only counted. Not
/// thread-safe.
public final class Problems {

  private final String file;
  private final byte[] text;
  private final int limit;
  private final List<Diagnostic> diagnostics = new ArrayList<>(0);
  private int errors;
  private int warnings;
  private int lineOffset;
  private int line = 1;

  /// @param limit how many errors, and how many warnings, are kept
  public Problems(String file, byte[] text, int limit) {
    this.file = file;
    this.text = text;
    this.limit = limit;
  }

  /// Adds a problem.
  ///
  /// @param at the place in bytes; the end of the text is one, too
  public void report(DiagnosticCode code, int at, String message) {
    report(code, at, message, "");
  }

  /// Adds a problem, with a hint about what to do.
  public void report(DiagnosticCode code, int at, String message, String hint) {
    int count = code.severity() == Severity.ERROR ? ++errors : ++warnings;
    if (count <= limit) {
      diagnostics.add(
          new Diagnostic(
              code.severity(), code.name(), location(at), message.replace('\t', ' '), hint));
    }
  }

  /// Whether the file is refused.
  public boolean hasErrors() {
    return errors > 0;
  }

  /// How many problems are errors.
  public int errorCount() {
    return errors;
  }

  /// All problems in the order of their places, with a last one for those beyond the limit.
  public List<Diagnostic> sorted() {
    if (diagnostics.isEmpty()) {
      return List.of();
    }
    List<Diagnostic> sorted = new ArrayList<>(diagnostics);
    sorted.sort(Comparator.comparingLong(d -> d.location().byteOffset()));
    addRest(sorted, DiagnosticCode.ERRORS_TOO_MANY, errors, "errors");
    addRest(sorted, DiagnosticCode.WARNINGS_TOO_MANY, warnings, "warnings");
    return List.copyOf(sorted);
  }

  /// Text of the file for a message: control characters and non-ASCII bytes escaped, in quotes, cut
  /// after 40 bytes.
  public static String quoted(byte[] text, int start, int end) {
    StringBuilder out = new StringBuilder("\"");
    int shown = Math.min(end, start + 40);
    for (int i = start; i < shown; i++) {
      int b = text[i] & 0xff;
      if (b < ' ' || b >= 0x7f) {
        out.append(String.format("\\x%02x", b));
      } else {
        out.append((char) b);
      }
    }
    return out.append(shown < end ? "…\"" : "\"").toString();
  }

  private void addRest(List<Diagnostic> to, DiagnosticCode code, int count, String what) {
    if (count > limit) {
      to.add(
          new Diagnostic(
              code.severity(),
              code.name(),
              to.getLast().location(),
              (count - limit) + " more " + what + " are not listed",
              ""));
    }
  }

  private SourceLocation location(int at) {
    if (at < lineOffset) {
      lineOffset = 0;
      line = 1;
    }
    for (int i = lineOffset; i < at; i++) {
      if (text[i] == '\n') {
        lineOffset = i + 1;
        line++;
      }
    }
    return SourceLocation.inText(file, line, at - lineOffset + 1, at);
  }
}
