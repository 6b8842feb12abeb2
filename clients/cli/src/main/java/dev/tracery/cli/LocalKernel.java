package dev.tracery.cli;

import dev.tracery.client.EventSource;
import dev.tracery.model.KernelIdentity;
import dev.tracery.v1.KernelTypes;
import java.util.List;
import java.util.Optional;

/// A kernel as this machine has it: everything that was wrong with it has been told.
///
/// @param types what its BTF says; empty where that was not at hand
record LocalKernel(
    KernelIdentity identity, List<EventSource> events, Optional<KernelTypes> types) {}
