package dev.tracery.registry.core;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import org.jspecify.annotations.Nullable;

/// An event of a kernel that is being registered.
///
/// @param givenFile how diagnostics name the format; null where the caller sent none
/// @param text the format; null where the registry knew the layout when the event was added, or the
///   caller sent none
record PendingEvent(
    EventName event, int id, Sha256 hash, @Nullable String givenFile, byte @Nullable [] text) {

  /// How diagnostics name the format.
  String file() {
    // Why only now: a kernel has thousands of events, and few of them have anything to be told.
    return givenFile == null ? event + "/format" : givenFile;
  }
}
