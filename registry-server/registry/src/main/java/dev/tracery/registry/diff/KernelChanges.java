package dev.tracery.registry.diff;

import dev.tracery.model.EventName;
import dev.tracery.registry.Registry.Change;
import java.util.List;
import java.util.Optional;

/// What differs between two kernels: all that a judgement needs to know of the change.
///
/// @param events those with changes of their own, in the order of their names
/// @param unchanged how many of the events that both have differ in nothing but perhaps their ids
/// @param otherIds the events that both have with different ids, changed otherwise or not
/// @param common changes of what all events share: word size, byte order, common fields. Once,
///   however many events have them
/// @param types what differs in what BTF says, where it is known of both kernels. What is of an
///   event that both have is among the event's changes, too
public record KernelChanges(
    List<EventChanges> events,
    int unchanged,
    OtherIds otherIds,
    List<Change> common,
    TypesDiff types) {

  public KernelChanges {
    events = List.copyOf(events);
    common = List.copyOf(common);
  }

  /// The events that have another id.
  ///
  /// @param count how many
  /// @param first the first [#MAX_LISTED] of them, in the order of their names
  public record OtherIds(int count, List<OtherId> first) {
    /// How many are listed.
    public static final int MAX_LISTED = 8;

    public OtherIds {
      first = List.copyOf(first);
    }
  }

  /// An event that has another id.
  public record OtherId(EventName event, int from, int to) {}

  /// What differs in one event; empty where nothing does.
  public Optional<EventChanges> of(EventName event) {
    int low = 0;
    int high = events.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = events.get(middle).event().compareTo(event);
      if (order == 0) {
        return Optional.of(events.get(middle));
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Optional.empty();
  }
}
