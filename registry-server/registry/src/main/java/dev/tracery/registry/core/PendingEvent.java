package dev.tracery.registry.core;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import org.jspecify.annotations.Nullable;

/// An event of a kernel that is being registered.
///
/// @param file how diagnostics name the format
/// @param text the format; null where the registry knew the layout when the event was added, or the
///   caller sent none
record PendingEvent(EventName event, int id, Sha256 hash, String file, byte @Nullable [] text) {}
