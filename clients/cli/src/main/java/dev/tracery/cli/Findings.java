package dev.tracery.cli;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Everything that was found in an input, told on standard error in the order in which it was
/// found, each once.
final class Findings {

  private final Console console;
  private final Set<Diagnostic> all = new LinkedHashSet<>();
  private int errors;

  Findings(Console console) {
    this.console = console;
  }

  void add(List<Diagnostic> found) {
    for (Diagnostic diagnostic : found) {
      if (all.add(diagnostic)) {
        errors += diagnostic.severity() == Severity.ERROR ? 1 : 0;
        console.err().println(Terms.printable(diagnostic.toString()));
      }
    }
  }

  boolean hasErrors() {
    return errors > 0;
  }

  /// Ends the command if there was an error.
  ///
  /// @param input what it was found in
  /// @param consequence `nothing was registered`
  void refuseErrors(String input, String consequence) {
    if (hasErrors()) {
      throw CommandFailure.wrongUse(input + ": " + counts() + "; " + consequence);
    }
  }

  /// Tells how many warnings there were, if any.
  void tellCount() {
    if (!all.isEmpty()) {
      console.err().println(counts());
    }
  }

  private String counts() {
    int warnings = all.size() - errors;
    List<String> counts = new ArrayList<>();
    if (errors > 0) {
      counts.add(Terms.count(errors, "error"));
    }
    if (warnings > 0) {
      counts.add(Terms.count(warnings, "warning"));
    }
    return String.join(", ", counts);
  }
}
