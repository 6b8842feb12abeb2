package dev.tracery.registry.policy;

import dev.tracery.model.EventName;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.diff.EventChanges;
import dev.tracery.registry.policy.Candidacy.Predecessor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The events of one judgement, and which of their changes findings tell of. Not thread-safe.
final class EventCases {

  private final Candidacy candidacy;
  private final Predecessor predecessor;
  private final Map<EventName, EventChanges> changes = new HashMap<>();
  private final Map<EventName, EventCase> cases = new HashMap<>();
  private final Map<EventName, Set<Change>> told = new HashMap<>();

  EventCases(Candidacy candidacy, Predecessor predecessor) {
    this.candidacy = candidacy;
    this.predecessor = predecessor;
    predecessor.changes().events().forEach(event -> changes.put(event.event(), event));
    // Why on all processors: where nothing is new, finding the events is most of a judgement.
    candidacy.claims().events().parallelStream()
        .map(this::make)
        .toList()
        .forEach(made -> cases.put(made.name(), made));
  }

  EventCase of(EventName event) {
    return cases.computeIfAbsent(event, this::make);
  }

  private EventCase make(EventName event) {
    return new EventCase(
        event,
        candidacy.stability().apply(event),
        predecessor.view(),
        candidacy.view(),
        Optional.ofNullable(changes.get(event)),
        predecessor.changes().common());
  }

  /// Notes that a finding tells of a change, so that it is not harmless.
  void told(EventName event, Change change) {
    told.computeIfAbsent(event, _ -> new HashSet<>()).add(withoutDeclarations(change));
  }

  boolean isTold(EventName event, Change change) {
    return told.getOrDefault(event, Set.of()).contains(withoutDeclarations(change));
  }

  /// Whether a finding tells of a change that all events share.
  boolean isTold(Change change) {
    Change bare = withoutDeclarations(change);
    return told.values().stream().anyMatch(changes -> changes.contains(bare));
  }

  /// Findings may tell declarations more fully than they were found.
  private static Change withoutDeclarations(Change change) {
    return new Change(change.kind(), change.field(), change.occurrence(), "", "");
  }
}
