package dev.tracery.grpc.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.tracery.registry.Registry;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.ObservationStatus;
import dev.tracery.v1.ServerStatus;
import dev.tracery.v1.StoreStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the server is and holds, for the wire.
public final class StatusWriter {

  private StatusWriter() {}

  /// The answer for `status`.
  ///
  /// @param hash of the same revision; null if nobody asked for it
  public static GetStatusResponse write(Registry.Status status, Registry.@Nullable StateHash hash) {
    GetStatusResponse.Builder answer = GetStatusResponse.newBuilder();
    if (hash != null) {
      answer.setStateHash(ByteString.copyFrom(hash.hash().bytes()));
    }
    status.servers().stream().map(StatusWriter::write).forEach(answer::addServers);
    return answer
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
        .setStoreStatus(
            StoreStatus.newBuilder()
                .setReachable(status.freshness().storeReachable())
                .setAgeMillis(status.freshness().age().toMillis())
                .setProblem(status.freshness().problem()))
        .setSnapshotRevision(status.snapshotRevision())
        .build();
  }

  private static ServerStatus write(Registry.ServerStatus server) {
    return ServerStatus.newBuilder()
        .setId(server.id())
        .setAddress(server.address())
        .setVersion(server.version())
        .setRevision(server.revision())
        .setLag(server.lag())
        .setStarted(time(server.started()))
        .setHeard(time(server.heard()))
        .setSelf(server.self())
        .build();
  }

  private static Timestamp time(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
