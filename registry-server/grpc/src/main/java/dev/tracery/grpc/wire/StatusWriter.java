package dev.tracery.grpc.wire;

import dev.tracery.registry.Registry;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.ObservationStatus;

/// What the server is and holds, for the wire.
public final class StatusWriter {

  private StatusWriter() {}

  /// The answer for `status`.
  public static GetStatusResponse write(Registry.Status status) {
    return GetStatusResponse.newBuilder()
        .setVersion(status.version())
        .setRevision(status.revision())
        .setKernelCount(status.kernels())
        .setEventCount(status.events())
        .setSchemaVersionCount(status.schemaVersions())
        .setLayoutCount(status.layouts())
        .setStore(status.store())
        .setStoreSizeBytes(status.storeBytes())
        .setConsumerVersionCount(status.consumerVersions())
        .setObservations(
            ObservationStatus.newBuilder()
                .setObservedCount(status.observations().observed())
                .setCoalescedCount(status.observations().coalesced())
                .setDroppedCount(status.observations().dropped())
                .setWrittenCount(status.observations().written())
                .setWaitingCount(status.observations().waiting())
                .setTrackedCount(status.observations().tracked()))
        .build();
  }
}
