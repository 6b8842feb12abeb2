package dev.tracery.fault;

import dev.tracery.fault.Operation.Kind;
import dev.tracery.fault.Operation.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a run found.
///
/// @param losses what was lost where that is allowed
record FaultReport(
    Setup setup,
    FaultPlan plan,
    Evidence evidence,
    List<Injected> faults,
    List<Violation> violations,
    List<Violation> losses) {

  private static final int MOST_LISTED = 20;

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    out.append("== ").append(setup).append(", ").append(plan).append('\n');
    operations(out);
    faults(out);
    list(out, "lost, as is allowed here", losses);
    if (violations.isEmpty()) {
      line(out, "All is as it was promised.");
    } else {
      list(out, "VIOLATIONS", violations);
    }
    return out.toString();
  }

  private void operations(StringBuilder out) {
    Map<Kind, Map<Outcome, Integer>> counts = new EnumMap<>(Kind.class);
    for (Operation operation : evidence.operations()) {
      counts
          .computeIfAbsent(operation.kind(), _ -> new EnumMap<>(Outcome.class))
          .merge(operation.outcome(), 1, Integer::sum);
    }
    counts.forEach((kind, outcomes) -> line(out, "%-18s %s", kind, outcomes));
    line(
        out,
        "%d operations, %d writes acknowledged, %d uncertain; %d revisions; watchers saw %d",
        evidence.operations().size(),
        evidence.operations().stream().filter(Operation::isAcknowledgedWrite).count(),
        evidence.operations().stream()
            .filter(operation -> operation.outcome() == Outcome.UNCERTAIN)
            .count(),
        evidence.servers().isEmpty() ? 0 : evidence.servers().getFirst().log().size(),
        evidence.seen().size());
  }

  /// Each with the longest time in which no write was acknowledged to anybody, from its begin to
  /// the next.
  private void faults(StringBuilder out) {
    List<Long> writes = new ArrayList<>();
    for (Operation operation : evidence.operations()) {
      if (operation.isAcknowledgedWrite()) {
        writes.add(operation.end());
      }
    }
    Collections.sort(writes);
    for (int i = 0; i < faults.size(); i++) {
      Injected fault = faults.get(i);
      long until = fault.end() + 2_000;
      line(
          out,
          "%4d  at %6.1f s for %4.1f s: %s; %.1f s without writes%s",
          fault.number(),
          fault.begin() / 1e3,
          (fault.end() - fault.begin()) / 1e3,
          fault.fault(),
          longestGap(writes, fault.begin(), until) / 1e3,
          fault.note().isEmpty() ? "" : "; " + fault.note());
    }
  }

  /// The longest gap between writes that begins in `from` to `until`.
  private static long longestGap(List<Long> writes, long from, long until) {
    long longest = 0;
    long before = from;
    for (long write : writes) {
      if (write >= from) {
        longest = Math.max(longest, write - before);
        before = write;
        if (write > until) {
          break;
        }
      }
    }
    return longest;
  }

  private static void list(StringBuilder out, String title, List<Violation> all) {
    if (all.isEmpty()) {
      return;
    }
    line(out, "%s: %d", title, all.size());
    all.stream().limit(MOST_LISTED).forEach(violation -> line(out, "  %s", violation));
  }

  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
