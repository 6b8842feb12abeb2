package dev.tracery.registry.core;

import dev.tracery.registry.index.SystemEntry;

/// A system of a kernel that is being registered, which the registry knows and whose events were
/// not listed.
///
/// @param entry as the index had it when it was given
/// @param firstId the smallest id of its events
record GivenSystem(SystemEntry entry, int firstId) {

  String name() {
    return entry.system();
  }
}
