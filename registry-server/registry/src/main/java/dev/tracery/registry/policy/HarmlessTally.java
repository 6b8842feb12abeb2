package dev.tracery.registry.policy;

import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.ChangeCount;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.Registry.ChangeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Counts what changed without harm. Not thread-safe.
final class HarmlessTally {

  private static final int MAX_EXAMPLES = 5;

  private static final class Count {
    int count;
    final List<EventName> examples = new ArrayList<>(MAX_EXAMPLES);
  }

  private final Map<ChangeKind, Count> compatible = new TreeMap<>();
  private final Map<ChangeKind, Count> unused = new TreeMap<>();

  /// @param event null for a change of all events
  void add(ChangeKind kind, boolean isUnused, @Nullable EventName event) {
    add(kind, isUnused, 1, event == null ? List.of() : List.of(event));
  }

  /// @param some of the events that changed so, or none
  void add(ChangeKind kind, boolean isUnused, int changes, List<EventName> some) {
    if (changes == 0) {
      return;
    }
    Count count = (isUnused ? unused : compatible).computeIfAbsent(kind, _ -> new Count());
    count.count += changes;
    for (EventName event : some) {
      if (count.examples.size() < MAX_EXAMPLES && !count.examples.contains(event)) {
        count.examples.add(event);
      }
    }
  }

  boolean hasUnused() {
    return !unused.isEmpty();
  }

  /// What nobody uses first, then by kind.
  List<ChangeCount> counts() {
    List<ChangeCount> counts = new ArrayList<>();
    unused.forEach((kind, count) -> counts.add(count(kind, Verdict.UNUSED, count)));
    compatible.forEach((kind, count) -> counts.add(count(kind, Verdict.COMPATIBLE, count)));
    return counts;
  }

  private static ChangeCount count(ChangeKind kind, Verdict verdict, Count count) {
    return new ChangeCount(kind, verdict, count.count, List.copyOf(count.examples));
  }
}
