package dev.tracery.render;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Text as bytes, appended piece by piece without an object for each. Not thread-safe.
public final class TextBuffer {

  private static final int BLOCK = 128 << 10;

  private static final int MAX_DIGITS = 20;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int length;

  /// With room for a good many lines.
  public TextBuffer() {
    this(64 << 10);
  }

  /// With room for so many bytes, until it has to grow.
  public TextBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  /// How many bytes it has.
  public int length() {
    return length;
  }

  /// The bytes, of which the first [#length] count. Another array after the next append.
  public byte[] array() {
    return bytes;
  }

  /// Drops what comes after the first `to` bytes.
  public void truncate(int to) {
    length = to;
  }

  /// Appends a byte.
  public void put(int value) {
    if (length == bytes.length) {
      grow(1);
    }
    bytes[length++] = (byte) value;
  }

  /// Appends some bytes of an array.
  public void put(byte[] from, int offset, int count) {
    if (bytes.length - length < count) {
      grow(count);
    }
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
  }

  /// Appends all bytes of an array.
  public void put(byte[] from) {
    put(from, 0, from.length);
  }

  /// Appends a string as UTF-8.
  public void put(String text) {
    put(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Appends a number in decimal.
  public void decimal(long value) {
    if (value >= 0) {
      unsigned(value);
    } else {
      put('-');
      unsigned(-value);
    }
  }

  /// Appends a number in decimal; it has no sign.
  public void unsigned(long value) {
    if (value >= 0 && value < 10) {
      put((int) ('0' + value));
      return;
    }
    reserve(MAX_DIGITS);
    long rest = value;
    int low = 0;
    if (rest < 0) {
      rest = Long.divideUnsigned(value, 10);
      low = (int) (value - rest * 10);
    }
    int at = length + decimalDigits(rest);
    length = at;
    while (rest > Integer.MAX_VALUE) {
      long next = rest / 10;
      bytes[--at] = (byte) ('0' + (rest - next * 10));
      rest = next;
    }
    do {
      // Why no division: compilers that are quick at compiling make a slow one.
      long next = rest * 0xCCCCCCCDL >>> 35;
      bytes[--at] = (byte) ('0' + (rest - next * 10));
      rest = next;
    } while (rest != 0);
    if (value < 0) {
      bytes[length++] = (byte) ('0' + low);
    }
  }

  /// Appends a number in decimal that is not negative, with zeros before it up to `digits` digits.
  public void decimal(long value, int digits) {
    repeat('0', digits - decimalDigits(value));
    unsigned(value);
  }

  /// Appends a number in hexadecimal, in lower case, without zeros before it and without a prefix.
  public void hex(long value) {
    hex(value, hexDigits(value));
  }

  /// Appends the last `digits` digits of a number in hexadecimal, in lower case.
  public void hex(long value, int digits) {
    reserve(digits);
    for (int i = length + digits; --i >= length; value >>>= 4) {
      bytes[i] = HEX[(int) value & 15];
    }
    length += digits;
  }

  /// Appends a byte several times; not at all if `count` is negative.
  public void repeat(int value, int count) {
    if (count > 0) {
      reserve(count);
      Arrays.fill(bytes, length, length + count, (byte) value);
      length += count;
    }
  }

  /// How many digits a number has in decimal that is not negative.
  public static int decimalDigits(long value) {
    int digits = 1;
    for (long power = 10; digits < 19 && value >= power; power *= 10) {
      digits++;
    }
    return digits;
  }

  /// How many digits a number without a sign has in hexadecimal.
  public static int hexDigits(long value) {
    return value == 0 ? 1 : (67 - Long.numberOfLeadingZeros(value)) >> 2;
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      grow(count);
    }
  }

  /// Writes everything and empties the buffer once it holds a block of 128 KiB: called after each
  /// record.
  public void drainBlockTo(OutputStream out) throws IOException {
    if (length >= BLOCK) {
      drainTo(out);
    }
  }

  /// Writes everything and empties the buffer.
  public void drainTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
    length = 0;
  }

  private void grow(int by) {
    bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, bytes.length + by));
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
