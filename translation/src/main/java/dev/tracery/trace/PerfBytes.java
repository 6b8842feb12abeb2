package dev.tracery.trace;

import dev.tracery.model.ByteOrder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Numbers of a mapped file in its own byte order. Callers check that what they read is within
/// [#size].
final class PerfBytes {

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment map;
  private final boolean big;

  PerfBytes(MemorySegment map, ByteOrder order) {
    this.map = map;
    this.big = order == ByteOrder.BIG_ENDIAN;
  }

  boolean isBigEndian() {
    return big;
  }

  long size() {
    return map.byteSize();
  }

  int u16(long at) {
    short value = map.get(SHORT, at);
    return (big ? Short.reverseBytes(value) : value) & 0xffff;
  }

  int s32(long at) {
    int value = map.get(INT, at);
    return big ? Integer.reverseBytes(value) : value;
  }

  long u32(long at) {
    return s32(at) & 0xffff_ffffL;
  }

  long u64(long at) {
    long value = map.get(LONG, at);
    return big ? Long.reverseBytes(value) : value;
  }

  void copy(long at, byte[] into, int length) {
    MemorySegment.copy(map, ValueLayout.JAVA_BYTE, at, into, 0, length);
  }

  /// Bytes up to a NUL.
  byte[] cString(long at, long end) {
    long to = at;
    while (to < end && map.get(ValueLayout.JAVA_BYTE, to) != 0) {
      to++;
    }
    byte[] out = new byte[(int) (to - at)];
    copy(at, out, out.length);
    return out;
  }
}
