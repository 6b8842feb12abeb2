package dev.tracery.client;

import dev.tracery.model.KernelIdentity;
import dev.tracery.v1.KernelTypes;
import java.util.List;
import java.util.Optional;

/// A kernel to be registered.
///
/// @param identity what it says of itself
/// @param series the series that it is appended to
/// @param validateOnly checks everything and stores nothing
/// @param events all its events
/// @param types what its BTF says; empty where that is not at hand
public record Registration(
    KernelIdentity identity,
    Optional<String> series,
    boolean validateOnly,
    List<EventSource> events,
    Optional<KernelTypes> types) {

  public Registration {
    events = List.copyOf(events);
  }

  /// A kernel without BTF.
  public Registration(
      KernelIdentity identity,
      Optional<String> series,
      boolean validateOnly,
      List<EventSource> events) {
    this(identity, series, validateOnly, events, Optional.empty());
  }
}
