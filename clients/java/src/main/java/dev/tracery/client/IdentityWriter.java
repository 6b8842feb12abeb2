package dev.tracery.client;

import dev.tracery.model.KernelIdentity;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.WordSize;

/// Writes what a kernel says of itself for the wire.
public final class IdentityWriter {

  private IdentityWriter() {}

  /// The message of `identity`.
  public static dev.tracery.v1.KernelIdentity write(KernelIdentity identity) {
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
}
