package dev.tracery.client;

import dev.tracery.model.KernelIdentity;
import java.util.List;
import java.util.Optional;

/// A kernel to be registered.
///
/// @param identity what it says of itself
/// @param series the series that it is appended to
/// @param validateOnly checks everything and stores nothing
/// @param events all its events
public record Registration(
    KernelIdentity identity,
    Optional<String> series,
    boolean validateOnly,
    List<EventSource> events) {

  public Registration {
    events = List.copyOf(events);
  }
}
