package dev.tracery.render.line;

import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.trace.RecordCursor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Reads a record's numbers in the kernel's byte order. What lies outside the record is 0. Not
/// thread-safe.
final class RecordBytes {

  private static final VarHandle LITTLE_2 = shorts(java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LITTLE_4 = ints(java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LITTLE_8 = longs(java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG_2 = shorts(java.nio.ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_4 = ints(java.nio.ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_8 = longs(java.nio.ByteOrder.BIG_ENDIAN);

  private final boolean little;
  private final int wordSize;
  private byte[] bytes = new byte[0];
  private int offset;
  private int length;

  RecordBytes(Target target) {
    this.little = target.byteOrder() == ByteOrder.LITTLE_ENDIAN;
    this.wordSize = target.wordSize().bytes();
  }

  /// Goes to the record a cursor is at.
  void set(RecordCursor cursor) {
    set(cursor.bytes(), cursor.offset(), cursor.length());
  }

  /// Goes to a record.
  void set(byte[] in, int from, int count) {
    bytes = in;
    offset = from;
    length = count;
  }

  /// How many bytes a `long` has.
  int wordSize() {
    return wordSize;
  }

  byte[] bytes() {
    return bytes;
  }

  /// Where in [#bytes] the record begins.
  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  int u8(int at) {
    return at >= 0 && at < length ? bytes[offset + at] & 0xff : 0;
  }

  int u16(int at) {
    if (at < 0 || at > length - 2) {
      return 0;
    }
    return (short) (little ? LITTLE_2 : BIG_2).get(bytes, offset + at) & 0xffff;
  }

  int s32(int at) {
    if (at < 0 || at > length - 4) {
      return 0;
    }
    return (int) (little ? LITTLE_4 : BIG_4).get(bytes, offset + at);
  }

  long u32(int at) {
    return s32(at) & 0xffff_ffffL;
  }

  long u64(int at) {
    if (at < 0 || at > length - 8) {
      return 0;
    }
    return (long) (little ? LITTLE_8 : BIG_8).get(bytes, offset + at);
  }

  /// An `unsigned long`.
  long word(int at) {
    return wordSize == 8 ? u64(at) : u32(at);
  }

  /// An unsigned integer of 1, 2, 4 or 8 bytes; 0 for every other size.
  long unsigned(int at, int size) {
    return switch (size) {
      case 1 -> u8(at);
      case 2 -> u16(at);
      case 4 -> u32(at);
      case 8 -> u64(at);
      default -> 0;
    };
  }

  private static VarHandle shorts(java.nio.ByteOrder order) {
    return MethodHandles.byteArrayViewVarHandle(short[].class, order);
  }

  private static VarHandle ints(java.nio.ByteOrder order) {
    return MethodHandles.byteArrayViewVarHandle(int[].class, order);
  }

  private static VarHandle longs(java.nio.ByteOrder order) {
    return MethodHandles.byteArrayViewVarHandle(long[].class, order);
  }
}
