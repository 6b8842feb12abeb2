package dev.tracery.registry.core;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import java.util.ArrayList;
import java.util.List;

/// What is found in the formats of one registration: the first of them, and how many in all.
final class Findings {

  /// How many diagnostics one answer has at most.
  static final int MAX_LISTED = 1_000;

  private final List<Diagnostic> errors = new ArrayList<>();
  private final List<Diagnostic> warnings = new ArrayList<>();
  private int errorCount;
  private int warningCount;

  void add(Diagnostic diagnostic) {
    if (diagnostic.severity() == Severity.ERROR) {
      errorCount++;
      addTo(errors, diagnostic);
    } else {
      warningCount++;
      addTo(warnings, diagnostic);
    }
  }

  int errorCount() {
    return errorCount;
  }

  int warningCount() {
    return warningCount;
  }

  List<Diagnostic> warnings() {
    return warnings;
  }

  /// Errors first, then warnings as far as there is room.
  List<Diagnostic> all() {
    List<Diagnostic> all = new ArrayList<>(errors);
    all.addAll(warnings.subList(0, Math.min(warnings.size(), MAX_LISTED - errors.size())));
    return all;
  }

  private static void addTo(List<Diagnostic> list, Diagnostic diagnostic) {
    if (list.size() < MAX_LISTED) {
      list.add(diagnostic);
    }
  }
}
