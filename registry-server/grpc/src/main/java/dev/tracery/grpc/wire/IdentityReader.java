package dev.tracery.grpc.wire;

import dev.tracery.grpc.status.Violations;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;

/// Reads what a kernel says of itself.
public final class IdentityReader {

  private IdentityReader() {}

  /// The identity in `wire`, found at `path` of its request.
  ///
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming every field that is wrong
  public static KernelIdentity read(String path, dev.tracery.v1.KernelIdentity wire) {
    Violations violations = new Violations();
    required(path + ".release", wire.getRelease(), "`uname -r`", violations);
    RequestFields.name(path + ".build", wire.getBuild(), violations);
    required(path + ".machine", wire.getMachine(), "`uname -m`", violations);
    WordSize wordSize =
        switch (wire.getWordSize()) {
          case WORD_SIZE_32 -> WordSize.BITS_32;
          case WORD_SIZE_64 -> WordSize.BITS_64;
          case WORD_SIZE_UNSPECIFIED, UNRECOGNIZED -> {
            violations.add(
                path + ".word_size",
                "expected WORD_SIZE_32 or WORD_SIZE_64 but found " + wire.getWordSizeValue());
            yield WordSize.BITS_64;
          }
        };
    ByteOrder byteOrder =
        switch (wire.getByteOrder()) {
          case BYTE_ORDER_LITTLE_ENDIAN -> ByteOrder.LITTLE_ENDIAN;
          case BYTE_ORDER_BIG_ENDIAN -> ByteOrder.BIG_ENDIAN;
          case BYTE_ORDER_UNSPECIFIED, UNRECOGNIZED -> {
            violations.add(
                path + ".byte_order",
                "expected BYTE_ORDER_LITTLE_ENDIAN or BYTE_ORDER_BIG_ENDIAN but found "
                    + wire.getByteOrderValue());
            yield ByteOrder.LITTLE_ENDIAN;
          }
        };
    int pageSize = wire.getPageSize();
    if (Integer.bitCount(pageSize) != 1 || pageSize < 4096 || pageSize > 1 << 20) {
      violations.add(
          path + ".page_size",
          "expected a power of two from 4096 to 1048576 but found "
              + Integer.toUnsignedString(pageSize));
    }
    violations.check();
    return new KernelIdentity(
        wire.getRelease(),
        wire.getBuild(),
        wire.getMachine(),
        new Target(wordSize, byteOrder),
        pageSize);
  }

  private static void required(String field, String text, String source, Violations violations) {
    if (text.isEmpty()) {
      violations.add(field, "must not be empty; it is what " + source + " prints");
    }
    RequestFields.name(field, text, violations);
  }
}
