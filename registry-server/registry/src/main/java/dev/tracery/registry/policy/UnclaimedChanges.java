package dev.tracery.registry.policy;

import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.diff.EventChanges;
import dev.tracery.registry.diff.KernelChanges.OtherId;
import dev.tracery.registry.diff.KernelChanges.OtherIds;
import dev.tracery.registry.policy.Candidacy.Predecessor;
import java.util.List;
import java.util.Optional;

/// What changed apart from claims: what is stable without any consumer, and what harms nobody. Not
/// thread-safe.
final class UnclaimedChanges {

  /// Every kernel with tracing has it.
  private static final EventName ANY_EVENT = new EventName("ftrace", "print");

  private final Candidacy candidacy;
  private final Predecessor predecessor;
  private final EventCases cases;
  private final FindingList findings;

  UnclaimedChanges(
      Candidacy candidacy, Predecessor predecessor, EventCases cases, FindingList findings) {
    this.candidacy = candidacy;
    this.predecessor = predecessor;
    this.cases = cases;
    this.findings = findings;
  }

  /// Judges what is stable without any consumer, and counts what harmed nobody. Claims come first.
  void judge(HarmlessTally tally) {
    for (EventChanges ofEvent : predecessor.changes().events()) {
      EventCase event = cases.of(ofEvent.event());
      for (Change change : ofEvent.changes()) {
        Rule rule = RuleTable.POLICY.rule(change.kind(), null, event.stability());
        if (event.stability() == Stability.STABLE
            && rule.verdict().compareTo(Verdict.REVIEW) >= 0
            && StableRules.isPromised(event.name(), change)) {
          findings.add(rule, rule.verdict(), List.of(), event, change, "");
        } else if (!cases.isTold(event.name(), change)) {
          tally.add(change.kind(), isUnused(event, change), event.name());
        }
      }
    }
    for (Change change : predecessor.changes().common()) {
      common(change, tally);
    }
    OtherIds otherIds = predecessor.changes().otherIds();
    tally.add(
        ChangeKind.EVENT_ID,
        false,
        otherIds.count(),
        otherIds.first().stream().map(OtherId::event).toList());
  }

  private void common(Change change, HarmlessTally tally) {
    Rule rule = RuleTable.POLICY.rule(change.kind(), null, StableRules.ofCommon(change));
    if (rule.verdict().compareTo(Verdict.REVIEW) >= 0) {
      EventCase event =
          new EventCase(
              standsForAll(),
              StableRules.ofCommon(change),
              predecessor.view(),
              candidacy.view(),
              Optional.empty(),
              List.of());
      findings.add(rule, rule.verdict(), List.of(), event, change, "");
    } else if (!cases.isTold(change)) {
      boolean unused =
          rule.verdict() == Verdict.UNUSED
              && !candidacy.claims().uses(change.field(), change.occurrence());
      tally.add(change.kind(), unused, null);
    }
  }

  /// An event that stands for all: changes of the fields that every event has are told once.
  private EventName standsForAll() {
    return predecessor.changes().events().stream()
        .filter(changes -> !changes.isAdded() && !changes.isRemoved())
        .map(EventChanges::event)
        .findFirst()
        .orElse(ANY_EVENT);
  }

  private boolean isUnused(EventCase event, Change change) {
    Rule rule = RuleTable.POLICY.rule(change.kind(), null, event.stability());
    boolean bookkeeping =
        event.stability() == Stability.STABLE && change.kind() == ChangeKind.FIELD_REMOVED;
    if (rule.verdict() != Verdict.UNUSED && !bookkeeping) {
      return false;
    }
    return change.field().isEmpty()
        ? !candidacy.claims().uses(event.name())
        : !candidacy.claims().uses(event.name(), change.field(), change.occurrence());
  }
}
