package dev.tracery.render;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.model.ByteOrder;
import java.util.Random;

/// Makes records of a layout: sound ones with random values, and random bytes.
final class RandomRecord {

  private static final int ARRAY = 24;

  private final Random random;

  RandomRecord(Random random) {
    this.random = random;
  }

  /// A record whose dynamic arrays lie within it.
  byte[] sound(Layout layout) {
    int arrays = 0;
    for (Field field : layout.fields()) {
      arrays += field.placement() == Placement.FIXED ? 0 : 1;
    }
    int fixed = layout.fixedSize() + 7 & ~7;
    byte[] record = new byte[fixed + arrays * ARRAY];
    int likelihood = random.nextInt(4);
    for (int i = 8; i < record.length; i++) {
      record[i] = random.nextInt(4) <= likelihood ? 0 : (byte) random.nextInt();
    }
    record[2] = (byte) random.nextInt();
    int at = fixed;
    for (Field field : layout.fields()) {
      if (field.placement() == Placement.FIXED) {
        continue;
      }
      record[at + ARRAY - 1] = 0;
      if (field.placement() != Placement.REST && field.size() >= 4) {
        int base = field.placement() == Placement.REL_LOC ? field.end() : 0;
        put(record, field.offset(), ARRAY << 16 | at - base, layout.target().byteOrder());
      }
      at += ARRAY;
    }
    return record;
  }

  private static void put(byte[] record, int at, int word, ByteOrder order) {
    for (int i = 0; i < 4; i++) {
      int shift = 8 * (order == ByteOrder.LITTLE_ENDIAN ? i : 3 - i);
      record[at + i] = (byte) (word >>> shift);
    }
  }

  /// Any bytes, maybe fewer than the fields need.
  byte[] damaged(Layout layout) {
    byte[] record = new byte[random.nextInt(layout.fixedSize() + 40)];
    random.nextBytes(record);
    for (int i = 0; random.nextBoolean() && i < record.length; i++) {
      record[i] = random.nextInt(3) == 0 ? record[i] : 0;
    }
    return record;
  }
}
