package dev.tracery.registry.core;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.log.Commit;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a registration would add to the log.
///
/// @param index against which it was made …
/// @param base … at this revision
/// @param commit without entries where there is nothing to add
/// @param blobs the canonical forms of the new layouts
/// @param types the fingerprint of what the BTF says that came with it
/// @param created whether the kernel is new
/// @param typesAdded whether the BTF is new for the kernel
record RegistrationPlan(
    Index index,
    long base,
    Commit commit,
    Map<Sha256, byte[]> blobs,
    String kernelId,
    KernelIdentity identity,
    Sha256 fingerprint,
    Optional<String> series,
    Optional<Sha256> types,
    int eventCount,
    int systemCount,
    boolean created,
    boolean typesAdded,
    int newLayouts,
    int newSchemaVersions,
    List<Diagnostic> warnings,
    int warningCount)
    implements LogPlan {

  /// The kernel as it is, or would be.
  Kernel kernel(long revision) {
    return index
        .kernelById(kernelId, revision)
        .map(kernel -> typed(kernel.at(revision)))
        .orElseGet(() ->
            new Kernel(
                kernelId,
                identity,
                fingerprint,
                series.stream().toList(),
                eventCount,
                systemCount,
                0,
                Instant.EPOCH,
                types));
  }

  /// A kernel that is registered, with the types that it has or would have.
  private Kernel typed(Kernel kernel) {
    return typesAdded
        ? new Kernel(
            kernel.id(),
            kernel.identity(),
            kernel.manifestFingerprint(),
            kernel.series(),
            kernel.eventCount(),
            kernel.systemCount(),
            kernel.revision(),
            kernel.registered(),
            types)
        : kernel;
  }
}
