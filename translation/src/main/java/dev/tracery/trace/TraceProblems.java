package dev.tracery.trace;

import dev.tracery.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with a trace: the first problems by name and place, all of them in number. Not
/// thread-safe.
public final class TraceProblems {

  private static final int MAX_DIAGNOSTICS = 100;

  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private long found;
  private long damagedBytes;

  /// Notes a problem.
  ///
  /// @param bytes how many bytes of records could not be read because of it
  public void add(Diagnostic diagnostic, long bytes) {
    found++;
    damagedBytes += bytes;
    if (diagnostics.size() < MAX_DIAGNOSTICS) {
      diagnostics.add(diagnostic);
    }
  }

  /// What was noted up to some moment.
  record Mark(int diagnostics, long found, long damagedBytes) {}

  Mark mark() {
    return new Mark(diagnostics.size(), found, damagedBytes);
  }

  /// Forgets what was noted since: it will be found once more.
  void backTo(Mark mark) {
    diagnostics.subList(mark.diagnostics, diagnostics.size()).clear();
    found = mark.found;
    damagedBytes = mark.damagedBytes;
  }

  /// The first 100, in the order they were found.
  public List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  /// How many there are.
  public long found() {
    return found;
  }

  /// How many bytes of records could not be read.
  public long damagedBytes() {
    return damagedBytes;
  }
}
