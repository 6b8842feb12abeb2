package dev.tracery.registry.index;

import dev.tracery.model.Sha256;

/// A layout that an event has. Another event can have the same layout by another entry.
///
/// @param ordinal the entry's place among all of the log, from 0
/// @param hash the layout's identity
/// @param version what its records become
/// @param revision at which it appeared
public record LayoutEntry(int ordinal, Sha256 hash, VersionEntry version, long revision) {

  /// The event that has the layout.
  public EventEntry event() {
    return version.event();
  }
}
