package dev.tracery.registry.index;

import dev.tracery.model.Sha256;
import java.util.Optional;

/// The events of one system of some kernels: a node of the manifest tree. Immutable.
public final class SystemEntry {

  private final int ordinal;
  private final String system;
  private final Sha256 hash;
  private final LayoutEntry[] layouts;
  // Why char: an id has 2 bytes in every record, and there are millions of them.
  private final char[] relativeIds;
  private final int maxRelativeId;

  /// @param layouts in the order of their events' names, at least one; may be shared with others
  /// @param relativeIds the ids less the smallest, as many
  SystemEntry(int ordinal, String system, Sha256 hash, LayoutEntry[] layouts, char[] relativeIds) {
    this.ordinal = ordinal;
    this.system = system;
    this.hash = hash;
    this.layouts = layouts;
    this.relativeIds = relativeIds;
    int max = 0;
    for (char id : relativeIds) {
      max = Math.max(max, id);
    }
    this.maxRelativeId = max;
  }

  /// The entry's place among all of the log, from 0.
  public int ordinal() {
    return ordinal;
  }

  /// The system's name.
  public String system() {
    return system;
  }

  /// The SHA-256 of the node's content.
  public Sha256 hash() {
    return hash;
  }

  /// How many events.
  public int size() {
    return layouts.length;
  }

  /// The event at this place in the order of names, with its layout.
  public LayoutEntry layout(int index) {
    return layouts[index];
  }

  /// Whether another node has the very same layouts, of the same events.
  public boolean sharesLayouts(SystemEntry other) {
    return layouts == other.layouts;
  }

  /// Those of all events; not to be changed.
  LayoutEntry[] layouts() {
    return layouts;
  }

  /// The id of the event at this place, less the system's smallest.
  public int relativeId(int index) {
    return relativeIds[index];
  }

  /// The greatest relative id.
  public int maxRelativeId() {
    return maxRelativeId;
  }

  /// The layout of the event with this name.
  public Optional<LayoutEntry> find(String name) {
    int index = firstNotBefore(name);
    return index < layouts.length && layouts[index].event().name().name().equals(name)
        ? Optional.of(layouts[index])
        : Optional.empty();
  }

  /// The place of the first event whose name is `name` or greater.
  public int firstNotBefore(String name) {
    int low = 0;
    int high = layouts.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (layouts[middle].event().name().name().compareTo(name) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
