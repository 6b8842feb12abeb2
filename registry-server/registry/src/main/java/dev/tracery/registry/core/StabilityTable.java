package dev.tracery.registry.core;

import dev.tracery.model.EventName;
import dev.tracery.model.Glob;
import dev.tracery.registry.Compatibility.Policy;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.StabilityRule;
import java.util.ArrayList;
import java.util.List;

/// How stable events are by the rules of a policy.
final class StabilityTable {

  private record Row(Glob events, Stability stability) {}

  private final List<Row> rows = new ArrayList<>();

  StabilityTable(Policy policy) {
    for (StabilityRule rule : policy.stability()) {
      if (rule.stability() != null) {
        rows.add(new Row(new Glob(rule.events()), rule.stability()));
      }
    }
  }

  /// By the first rule that matches.
  Stability of(EventName event) {
    String name = event.toString();
    for (Row row : rows) {
      if (row.events.matches(name)) {
        return row.stability;
      }
    }
    return Stability.INTERNAL;
  }
}
