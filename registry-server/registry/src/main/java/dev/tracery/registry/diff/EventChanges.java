package dev.tracery.registry.diff;

import dev.tracery.model.EventName;
import dev.tracery.registry.Registry.Change;
import java.util.List;

/// What differs in one event of two kernels.
///
/// @param fromVersion the schema version of the old layout; 0 where the event is new
/// @param toVersion that of the new one; 0 where the event is gone
/// @param changes of the event itself, at least one: that it was added, or removed and what it may
///   have become, or what differs in its layouts, or its types. Common fields are not among them
/// @param layouts where both kernels have it, what differs in detail
public record EventChanges(
    EventName event, int fromVersion, int toVersion, List<Change> changes, LayoutDiff layouts) {

  public EventChanges {
    changes = List.copyOf(changes);
  }

  /// Whether the old kernel does not have it.
  public boolean isAdded() {
    return fromVersion == 0;
  }

  /// Whether the new kernel does not have it.
  public boolean isRemoved() {
    return toVersion == 0;
  }
}
