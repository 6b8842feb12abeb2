package dev.tracery.grpc.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.KernelEvent;
import dev.tracery.v1.WordSize;
import java.time.Instant;

/// Kernels and their events for the wire.
public final class KernelWriter {

  private KernelWriter() {}

  /// A registered kernel.
  public static Kernel write(Registry.Kernel kernel) {
    Kernel.Builder out =
        Kernel.newBuilder()
            .setId(kernel.id())
            .setIdentity(write(kernel.identity()))
            .setManifestFingerprint(write(kernel.manifestFingerprint()))
            .addAllSeries(kernel.series())
            .setEventCount(kernel.eventCount())
            .setSystemCount(kernel.systemCount())
            .setRevision(kernel.revision())
            .setRegisterTime(write(kernel.registered()));
    kernel.typesFingerprint().ifPresent(hash -> out.setTypesFingerprint(write(hash)));
    return out.build();
  }

  /// An event of a kernel, or of no kernel.
  public static KernelEvent write(Registry.KernelEvent event) {
    KernelEvent.Builder out =
        KernelEvent.newBuilder()
            .setEvent(event.event().toString())
            .setId(event.id())
            .setSchemaVersion(event.schemaVersion());
    event.layoutHash().ifPresent(hash -> out.setLayoutHash(write(hash)));
    return out.build();
  }

  static dev.tracery.v1.KernelIdentity write(KernelIdentity identity) {
    return dev.tracery.v1.KernelIdentity.newBuilder()
        .setRelease(identity.release())
        .setBuild(identity.build())
        .setMachine(identity.machine())
        .setWordSize(
            switch (identity.target().wordSize()) {
              case BITS_32 -> WordSize.WORD_SIZE_32;
              case BITS_64 -> WordSize.WORD_SIZE_64;
            })
        .setByteOrder(
            switch (identity.target().byteOrder()) {
              case LITTLE_ENDIAN -> ByteOrder.BYTE_ORDER_LITTLE_ENDIAN;
              case BIG_ENDIAN -> ByteOrder.BYTE_ORDER_BIG_ENDIAN;
            })
        .setPageSize(identity.pageSize())
        .build();
  }

  /// A hash's 32 bytes.
  public static ByteString write(Sha256 hash) {
    return UnsafeByteOperations.unsafeWrap(hash.bytes());
  }

  static Timestamp write(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
