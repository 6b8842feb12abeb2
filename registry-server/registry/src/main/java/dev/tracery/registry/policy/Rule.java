package dev.tracery.registry.policy;

import dev.tracery.consumer.AccessClass;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.Registry.ChangeKind;
import org.jspecify.annotations.Nullable;

/// One cell of the [RuleTable]: what a change means for somebody whose claim it touches.
///
/// @param access null for the rule that needs no consumer
/// @param why one sentence; `{tool}`, `{event}` and `{field}` stand for their names
/// @param mending of a break, what would mend it; of a review, the question; otherwise empty
record Rule(
    ChangeKind kind,
    @Nullable AccessClass access,
    Stability stability,
    Verdict verdict,
    String why,
    String mending) {

  /// A sentence with the names filled in.
  static String fill(String sentence, String tool, String event, String field) {
    return sentence
        .replace("{tool}", tool)
        .replace("{event}", event)
        .replace("{field}", field.isEmpty() ? "it" : field);
  }
}
