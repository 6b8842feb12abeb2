package dev.tracery.translator;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// What generated translators call: numbers out of records, and fields into messages. Nothing that
/// people need to write a translator, but nothing that they may not use.
///
/// A `tag` is a field's number and wire type as the bytes that it has in the message, the first
/// byte lowest: at most two, so for numbers up to 2047; [#longTag] is for the others. Fields that
/// have their default value are not written. All methods return where the message ends then, and
/// may leave up to [#SLACK] bytes of rubbish behind it. A *range* is two positions in one number,
/// where a value begins and where it ends.
///
/// Every access to an array is checked by the JVM. That a record is not left is what callers see
/// to: for values of fixed offset once, with the record's length, and here for values whose place
/// the record tells.
public final class Wire {

  /// How many bytes behind a message may be overwritten.
  public static final int SLACK = 16;

  private static final VarHandle SHORT = view(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT = view(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG = view(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG_SHORT = view(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_INT = view(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_LONG = view(long[].class, ByteOrder.BIG_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Wire() {}

  private static VarHandle view(Class<?> array, ByteOrder order) {
    return MethodHandles.byteArrayViewVarHandle(array, order).withInvokeExactBehavior();
  }

  // ---- Numbers out of records.

  /// A signed byte.
  public static long int8(byte[] bytes, int at) {
    return bytes[at];
  }

  /// An unsigned byte.
  public static long uint8(byte[] bytes, int at) {
    return bytes[at] & 0xff;
  }

  /// Two little-endian bytes, signed.
  public static long int16(byte[] bytes, int at) {
    return (short) SHORT.get(bytes, at);
  }

  /// Two little-endian bytes.
  public static long uint16(byte[] bytes, int at) {
    return (short) SHORT.get(bytes, at) & 0xffff;
  }

  /// Four little-endian bytes, signed.
  public static long int32(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  /// Four little-endian bytes.
  public static long uint32(byte[] bytes, int at) {
    return (int) INT.get(bytes, at) & 0xffffffffL;
  }

  /// Eight little-endian bytes.
  public static long int64(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  /// Two big-endian bytes, signed.
  public static long bigInt16(byte[] bytes, int at) {
    return (short) BIG_SHORT.get(bytes, at);
  }

  /// Two big-endian bytes.
  public static long bigUint16(byte[] bytes, int at) {
    return (short) BIG_SHORT.get(bytes, at) & 0xffff;
  }

  /// Four big-endian bytes, signed.
  public static long bigInt32(byte[] bytes, int at) {
    return (int) BIG_INT.get(bytes, at);
  }

  /// Four big-endian bytes.
  public static long bigUint32(byte[] bytes, int at) {
    return (int) BIG_INT.get(bytes, at) & 0xffffffffL;
  }

  /// Eight big-endian bytes.
  public static long bigInt64(byte[] bytes, int at) {
    return (long) BIG_LONG.get(bytes, at);
  }

  private static long number(byte[] bytes, int at, int size, boolean signed, boolean big) {
    return switch (size) {
      case 1 -> signed ? int8(bytes, at) : uint8(bytes, at);
      case 2 ->
          big
              ? signed ? bigInt16(bytes, at) : bigUint16(bytes, at)
              : signed ? int16(bytes, at) : uint16(bytes, at);
      case 4 ->
          big
              ? signed ? bigInt32(bytes, at) : bigUint32(bytes, at)
              : signed ? int32(bytes, at) : uint32(bytes, at);
      default -> big ? bigInt64(bytes, at) : int64(bytes, at);
    };
  }

  // ---- Where the record says that a value lies.

  /// What a location word of 4 bytes points to; an empty range where that is not in the record.
  ///
  /// @param location the word
  /// @param base the position from which it counts
  /// @param end where the record ends
  public static long range(long location, int base, int end) {
    int from = base + ((int) location & 0xffff);
    int to = from + (int) (location >>> 16);
    return to <= end ? range(from, to) : 0;
  }

  /// What a location word of 2 bytes points to: what is there up to the record's end.
  public static long rest(long location, int base, int end) {
    int from = base + (int) location;
    return from <= end ? range(from, end) : 0;
  }

  /// A range of two positions.
  public static long range(int from, int to) {
    return (long) from << 32 | to;
  }

  /// Where a range begins.
  public static int from(long range) {
    return (int) (range >>> 32);
  }

  /// Where a range ends.
  public static int to(long range) {
    return (int) range;
  }

  // ---- Fields into messages.

  /// An integer, for a tag of one byte.
  public static int varint(long value, byte[] out, int position, int tag) {
    if ((value & ~0x7fL) == 0) {
      if (value == 0) {
        return position;
      }
      SHORT.set(out, position, (short) (tag | value << 8));
      return position + 2;
    }
    if ((value & ~0x3fffL) == 0) {
      INT.set(out, position, (int) (tag | (value & 0x7f | 0x80) << 8 | value >>> 7 << 16));
      return position + 3;
    }
    out[position] = (byte) tag;
    return longVarint(value, out, position + 1);
  }

  /// An integer, for a tag of two bytes.
  public static int varint2(long value, byte[] out, int position, int tag) {
    if (value == 0) {
      return position;
    }
    SHORT.set(out, position, (short) tag);
    return number(value, out, position + 2);
  }

  /// A bool: any bit set is true. For a tag of one byte or two.
  public static int bool(long value, byte[] out, int position, int tag) {
    return varintOrLonger(value == 0 ? 0 : 1, out, position, tag);
  }

  private static int varintOrLonger(long value, byte[] out, int position, int tag) {
    return tag <= 0xff ? varint(value, out, position, tag) : varint2(value, out, position, tag);
  }

  /// Writes a tag of more than two bytes, or a number that is no field.
  public static int number(long value, byte[] out, int position) {
    if ((value & ~0x7fL) == 0) {
      out[position] = (byte) value;
      return position + 1;
    }
    return longVarint(value, out, position);
  }

  /// A number of two or more bytes. Branches only on the number's size class: how long kernel
  /// addresses, times and masks are is hard to foretell.
  private static int longVarint(long value, byte[] out, int position) {
    long rest = value >>> 56;
    if (rest == 0) {
      int size = size(value);
      LONG.set(out, position, spread(value) | HIGH_BITS & (1L << 8 * (size - 1)) - 1);
      return position + size;
    }
    LONG.set(out, position, spread(value) | HIGH_BITS);
    if (rest < 0x80) {
      out[position + 8] = (byte) rest;
      return position + 9;
    }
    SHORT.set(out, position + 8, (short) (rest | 0x100));
    return position + 10;
  }

  /// Writes eight bytes, little-endian: what a `fixed64` has.
  public static void fixed64(long value, byte[] out, int position) {
    LONG.set(out, position, value);
  }

  /// Writes four bytes, little-endian: what a `fixed32` has.
  public static void fixed32(int value, byte[] out, int position) {
    INT.set(out, position, value);
  }

  /// How many bytes a number has as a varint.
  public static int size(long value) {
    // Why: 9/64 is a little more than 1/7, and right for all 64 lengths.
    return (63 - Long.numberOfLeadingZeros(value | 1)) * 9 + 73 >>> 6;
  }

  /// The lower 56 bits, seven to a byte.
  private static long spread(long value) {
    long by28 = value & 0x000000000fffffffL | (value & 0x00fffffff0000000L) << 4;
    long by14 = by28 & 0x00003fff00003fffL | (by28 & 0x0fffc0000fffc000L) << 2;
    return by14 & 0x007f007f007f007fL | (by14 & 0x3f803f803f803f80L) << 1;
  }

  /// A string of 16 bytes, such as a command's name, for a tag of one byte.
  public static int string16(byte[] bytes, int at, byte[] out, int position, int tag) {
    long first = (long) LONG.get(bytes, at);
    long second = (long) LONG.get(bytes, at + 8);
    if (((first | second) & HIGH_BITS) != 0) {
      return string(bytes, at, at + 16, out, position, tag);
    }
    LONG.set(out, position + 2, first);
    long nul = first - ONES & HIGH_BITS;
    int length;
    if (nul != 0) {
      length = Long.numberOfTrailingZeros(nul) >>> 3;
      if (length == 0) {
        return position;
      }
    } else {
      LONG.set(out, position + 10, second);
      length = 8 + (Long.numberOfTrailingZeros(second - ONES & HIGH_BITS) >>> 3);
    }
    SHORT.set(out, position, (short) (tag | length << 8));
    return position + 2 + length;
  }

  /// A string.
  public static int string(byte[] bytes, long range, byte[] out, int position, int tag) {
    return string(bytes, from(range), to(range), out, position, tag);
  }

  /// A string.
  public static int string(byte[] bytes, int from, int to, byte[] out, int position, int tag) {
    int start = position + (tag <= 0xff ? 2 : 3);
    int put = start;
    int at = from;
    while (at <= to - 8) {
      long word = (long) LONG.get(bytes, at);
      LONG.set(out, put, word);
      // The lowest bit is that of the first byte that is a NUL or no ASCII.
      long stop = (word - ONES | word) & HIGH_BITS;
      if (stop != 0) {
        int plain = Long.numberOfTrailingZeros(stop) >>> 3;
        return bytes[at + plain] == 0
            ? close(out, position, start, put + plain, tag)
            : replaced(bytes, from, to, out, position, tag);
      }
      at += 8;
      put += 8;
    }
    for (; at < to; at++) {
      byte next = bytes[at];
      if (next <= 0) {
        if (next == 0) {
          break;
        }
        return replaced(bytes, from, to, out, position, tag);
      }
      out[put++] = next;
    }
    return close(out, position, start, put, tag);
  }

  /// A string that is not all ASCII.
  private static int replaced(byte[] bytes, int from, int to, byte[] out, int position, int tag) {
    int start = position + (tag <= 0xff ? 2 : 3);
    int end = from + Utf8.lengthToNul(bytes, from, to);
    return close(out, position, start, Utf8.copy(bytes, from, end, out, start), tag);
  }

  /// Bytes as they are.
  public static int bytes(byte[] bytes, long range, byte[] out, int position, int tag) {
    return bytes(bytes, from(range), to(range), out, position, tag);
  }

  /// Bytes as they are.
  public static int bytes(byte[] bytes, int from, int to, byte[] out, int position, int tag) {
    int length = to - from;
    if (length == 0) {
      return position;
    }
    int at = number(length, out, tag(out, position, tag));
    System.arraycopy(bytes, from, out, at, length);
    return at + length;
  }

  /// Integers, packed.
  public static int integers(
      byte[] bytes,
      long range,
      int size,
      boolean signed,
      boolean big,
      byte[] out,
      int position,
      int tag) {
    int start = position + (tag <= 0xff ? 2 : 3);
    int put = start;
    int last = to(range) - size;
    for (int at = from(range); at <= last; at += size) {
      put = number(number(bytes, at, size, signed, big), out, put);
    }
    return close(out, position, start, put, tag);
  }

  /// Words of `size` bytes as words of 64 bits, packed.
  public static int bitmask(
      byte[] bytes, long range, int size, boolean big, byte[] out, int position, int tag) {
    int start = position + (tag <= 0xff ? 2 : 3);
    int put = start;
    int end = to(range) - (to(range) - from(range)) % size;
    for (int at = from(range); at < end; at += 8) {
      long word = 0;
      for (int i = 0; i < 8 && at + i < end; i += size) {
        word |= number(bytes, at + i, size, false, big) << 8 * i;
      }
      put = number(word, out, put);
    }
    return close(out, position, start, put, tag);
  }

  private static int tag(byte[] out, int position, int tag) {
    if (tag <= 0xff) {
      out[position] = (byte) tag;
      return position + 1;
    }
    SHORT.set(out, position, (short) tag);
    return position + 2;
  }

  /// Writes tag and length of a value that is there already, behind the tag and one byte.
  private static int close(byte[] out, int position, int start, int end, int tag) {
    int length = end - start;
    if (length == 0) {
      return position;
    }
    int at = tag(out, position, tag);
    if (length < 0x80) {
      out[at] = (byte) length;
      return end;
    }
    int moved = at + size(length);
    System.arraycopy(out, start, out, moved, length);
    exactly(length, out, at);
    return moved + length;
  }

  /// Gives a field that was written with a tag of one byte the one that it has, of more than two.
  ///
  /// @param end where the field ends; `position` if it was not written
  public static int longTag(long tag, byte[] out, int position, int end) {
    if (end == position) {
      return position;
    }
    int size = size(tag);
    System.arraycopy(out, position + 1, out, position + size, end - position - 1);
    exactly(tag, out, position);
    return end + size - 1;
  }

  /// Writes a number before what is there already: no rubbish behind it.
  private static void exactly(long value, byte[] out, int position) {
    int at = position;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[at] = (byte) rest;
  }

  /// The longest message.
  ///
  /// @param constant what does not depend on the record's length
  /// @param growth how many bytes of the message each byte of the record can become
  public static int maxSize(int constant, int growth, int recordLength) {
    return (int) Math.min(Integer.MAX_VALUE, constant + (long) growth * recordLength);
  }
}
