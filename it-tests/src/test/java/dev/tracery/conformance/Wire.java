package dev.tracery.conformance;

import dev.tracery.model.Target;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.WordSize;

/// The model's words as the wire has them.
final class Wire {

  private Wire() {}

  static WordSize wordSize(Target target) {
    return switch (target.wordSize()) {
      case BITS_32 -> WordSize.WORD_SIZE_32;
      case BITS_64 -> WordSize.WORD_SIZE_64;
    };
  }

  static ByteOrder byteOrder(Target target) {
    return switch (target.byteOrder()) {
      case LITTLE_ENDIAN -> ByteOrder.BYTE_ORDER_LITTLE_ENDIAN;
      case BIG_ENDIAN -> ByteOrder.BYTE_ORDER_BIG_ENDIAN;
    };
  }
}
