package dev.tracery.registry.core;

import com.google.protobuf.ByteString;
import dev.tracery.compiler.layout.Field;
import dev.tracery.model.Target;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Layout;
import dev.tracery.v1.LayoutField;
import dev.tracery.v1.WordSize;

/// Writes layouts as the wire protocol has them.
final class WireLayouts {

  private WireLayouts() {}

  static Layout of(dev.tracery.compiler.layout.Layout layout) {
    Layout.Builder wire =
        Layout.newBuilder()
            .setHash(ByteString.copyFrom(layout.hash().bytes()))
            .setEventName(layout.eventName())
            .setWordSize(wordSize(layout.target()))
            .setByteOrder(byteOrder(layout.target()))
            .setPrintFormat(layout.printFormat().text());
    layout.commonFields().forEach(field -> wire.addCommonFields(of(field)));
    layout.fields().forEach(field -> wire.addFields(of(field)));
    return wire.build();
  }

  private static LayoutField of(Field field) {
    LayoutField.Builder wire =
        LayoutField.newBuilder()
            .setName(field.name())
            .setCType(field.cType())
            .setOffset(field.offset())
            .setSize(field.size());
    field.signed().ifPresent(wire::setSigned);
    return wire.build();
  }

  private static WordSize wordSize(Target target) {
    return switch (target.wordSize()) {
      case BITS_32 -> WordSize.WORD_SIZE_32;
      case BITS_64 -> WordSize.WORD_SIZE_64;
    };
  }

  private static ByteOrder byteOrder(Target target) {
    return switch (target.byteOrder()) {
      case LITTLE_ENDIAN -> ByteOrder.BYTE_ORDER_LITTLE_ENDIAN;
      case BIG_ENDIAN -> ByteOrder.BYTE_ORDER_BIG_ENDIAN;
    };
  }
}
