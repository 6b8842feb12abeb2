package dev.tracery.client;

import dev.tracery.model.KernelIdentity;
import dev.tracery.v1.KernelTypes;
import java.util.List;
import java.util.Optional;

/// A kernel to be judged.
///
/// @param identity what it says of itself
/// @param series the series whose latest kernel it is judged against
/// @param events all its events
/// @param types what its BTF says; empty where that is not at hand
public record KernelCheck(
    KernelIdentity identity, String series, List<EventSource> events, Optional<KernelTypes> types) {

  public KernelCheck {
    events = List.copyOf(events);
  }
}
