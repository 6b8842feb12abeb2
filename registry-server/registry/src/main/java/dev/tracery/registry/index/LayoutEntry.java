package dev.tracery.registry.index;

import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import org.jspecify.annotations.Nullable;

/// A layout that an event has. Another event can have the same layout by another entry.
///
/// @param ordinal the entry's place among all of the log, from 0
/// @param hash the layout's identity
/// @param version what its records become
/// @param revision at which it appeared
/// @param target of the kernel that it came with; null if its commit registers none
public record LayoutEntry(
    int ordinal, Sha256 hash, VersionEntry version, long revision, @Nullable Target target) {

  /// The event that has the layout.
  public EventEntry event() {
    return version.event();
  }
}
