package dev.tracery.registry.core;

import dev.tracery.model.KernelIdentity;
import java.util.List;
import java.util.Optional;

/// A kernel that is to be registered.
///
/// @param series to append it to
/// @param types what its BTF says
record PendingKernel(
    KernelIdentity identity,
    Optional<String> series,
    List<PendingEvent> events,
    Optional<GivenTypes> types) {}
