package dev.tracery.registry.policy;

import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.ConsumerRef;
import dev.tracery.registry.Consumers.Claim;
import dev.tracery.registry.Consumers.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The requirements of live claims, by what they use. Made once for each set of claims, and kept
/// while the set is the same: it also remembers how they stood on the layouts that they were judged
/// on. Thread-safe.
public final class ClaimIndex {

  /// Declared claims go before observed ones, newer ones before older.
  private static final Comparator<Claim> BEST_FIRST =
      Comparator.comparing((Claim claim) -> claim.origin() == Origin.OBSERVED)
          .thenComparing(Claim::created, Comparator.reverseOrder())
          .thenComparing(Claim::revision, Comparator.reverseOrder());

  /// A requirement that somebody has.
  ///
  /// @param holders all who have it to the letter, the one that is named first
  /// @param memos one for each of its uses
  record Entry(Requirement requirement, List<ConsumerRef> holders, List<UseMemo> memos) {}

  private final List<Entry> entries;
  private final Map<EventName, List<Entry>> byEvent = new HashMap<>();
  private final int requirementCount;

  private ClaimIndex(List<Entry> entries, int requirementCount) {
    this.entries = List.copyOf(entries);
    this.requirementCount = requirementCount;
    for (Entry entry : entries) {
      Set<EventName> events = new HashSet<>();
      for (EventUse use : entry.requirement.anyOf()) {
        EventName event = use.event();
        if (event != null && events.add(event)) {
          byEvent.computeIfAbsent(event, _ -> new ArrayList<>()).add(entry);
        }
      }
    }
  }

  /// @param live the claims that count
  public static ClaimIndex of(List<Claim> live) {
    Map<Requirement, List<ConsumerRef>> holders = new java.util.LinkedHashMap<>();
    int count = 0;
    for (Claim claim : live.stream().sorted(BEST_FIRST).toList()) {
      ConsumerRef ref =
          new ConsumerRef(
              claim.consumer().name(),
              claim.consumer().version(),
              claim.origin(),
              claim.consumer().source());
      for (Requirement requirement : claim.consumer().requirements()) {
        holders.computeIfAbsent(requirement, _ -> new ArrayList<>(1)).add(ref);
        count++;
      }
    }
    List<Entry> entries = new ArrayList<>(holders.size());
    holders.forEach((requirement, refs) ->
        entries.add(
            new Entry(
                requirement,
                List.copyOf(refs),
                requirement.anyOf().stream().map(_ -> new UseMemo()).toList())));
    return new ClaimIndex(entries, count);
  }

  /// How many requirements the claims have.
  public int requirementCount() {
    return requirementCount;
  }

  List<Entry> entries() {
    return entries;
  }

  /// The events that somebody uses.
  Set<EventName> events() {
    return byEvent.keySet();
  }

  /// Whether anybody uses the event.
  boolean uses(EventName event) {
    return byEvent.containsKey(event);
  }

  /// Whether anybody uses the field of this name of this event.
  boolean uses(EventName event, String field, int occurrence) {
    for (Entry entry : byEvent.getOrDefault(event, List.of())) {
      if (uses(entry, event, field, occurrence)) {
        return true;
      }
    }
    return false;
  }

  /// Whether anybody uses the field of this name, of whatever event.
  boolean uses(String field, int occurrence) {
    for (Map.Entry<EventName, List<Entry>> event : byEvent.entrySet()) {
      for (Entry entry : event.getValue()) {
        if (uses(entry, event.getKey(), field, occurrence)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean uses(Entry entry, EventName event, String field, int occurrence) {
    for (EventUse use : entry.requirement.anyOf()) {
      if (!event.equals(use.event())) {
        continue;
      }
      for (FieldUse each : use.fields()) {
        if (each.occurrence() == occurrence && each.names().contains(field)) {
          return true;
        }
      }
    }
    return false;
  }
}
