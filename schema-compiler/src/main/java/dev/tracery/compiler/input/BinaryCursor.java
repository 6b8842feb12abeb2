package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Reads numbers, texts and byte runs one after the other, never beyond a bound. Holds 16 KiB of
/// the source at a time. Not thread-safe.
///
/// Every method throws [DamagedInput] where the bytes do not hold what it reads, and `IOException`
/// where the operating system fails.
final class BinaryCursor {

  private static final int WINDOW = 16 << 10;

  private final ByteSource source;
  private final long end;
  private ByteOrder order;
  private long position;
  private byte[] window = new byte[0];
  private long windowStart;
  private int windowLength;

  private BinaryCursor(ByteSource source, long start, long end, ByteOrder order) {
    this.source = source;
    this.position = start;
    this.end = end;
    this.order = order;
  }

  /// From the start to the end of a source.
  static BinaryCursor over(ByteSource source, ByteOrder order) {
    return new BinaryCursor(source, 0, source.size(), order);
  }

  /// A cursor of its own over `size` bytes at `offset` of the same source.
  ///
  /// @param what for the message if they are not within the source
  /// @param saidAt where offset or size were read, for the same
  BinaryCursor slice(String what, long offset, long size, SourceLocation saidAt)
      throws DamagedInput {
    if (offset < 0 || offset > source.size() || size < 0 || size > source.size() - offset) {
      throw new DamagedInput(
          InputCode.SIZE_BEYOND_END,
          saidAt,
          what
              + ": "
              + unsigned(size)
              + " bytes at offset "
              + unsigned(offset)
              + " are beyond the end at "
              + source.size(),
          "");
    }
    return new BinaryCursor(source, offset, offset + size, order);
  }

  /// A cursor of its own over the next `size` bytes, which this one skips.
  BinaryCursor sliceNext(String what, long size) throws DamagedInput {
    checkLeft(what, size);
    BinaryCursor part = new BinaryCursor(source, position, position + size, order);
    position += size;
    return part;
  }

  void order(ByteOrder order) {
    this.order = order;
  }

  ByteOrder order() {
    return order;
  }

  long position() {
    return position;
  }

  long end() {
    return end;
  }

  long left() {
    return end - position;
  }

  SourceLocation here() {
    return source.at(position);
  }

  /// How diagnostics name a place in the source.
  SourceLocation place(long offset) {
    return source.at(offset);
  }

  /// What to throw for a problem at this place.
  DamagedInput damaged(InputCode code, String message) {
    return damaged(code, position, message, "");
  }

  /// What to throw for a problem at an earlier place.
  DamagedInput damaged(InputCode code, long place, String message, String hint) {
    String in =
        source instanceof ByteSource.OfArray
            ? " (byte " + place + " of what this was decompressed to)"
            : "";
    return new DamagedInput(code, source.at(place), message + in, hint);
  }

  /// Whether the next bytes are these. Moves on if they are.
  boolean skipIf(byte[] expected) throws IOException {
    if (left() < expected.length) {
      return false;
    }
    long start = position;
    for (byte b : expected) {
      if (next() != (b & 0xff)) {
        position = start;
        return false;
      }
    }
    return true;
  }

  /// Goes on to so many bytes before the next place where these are.
  ///
  /// @return false if there is none; this has not moved then
  boolean skipTo(byte[] expected, int before) throws IOException {
    long start = position;
    position += before;
    while (left() >= expected.length) {
      if (skipIf(expected)) {
        position -= expected.length + before;
        return true;
      }
      position++;
    }
    position = start;
    return false;
  }

  int u8(String what) throws IOException {
    return (int) number(what, 1);
  }

  int u16(String what) throws IOException {
    return (int) number(what, 2);
  }

  long u32(String what) throws IOException {
    return number(what, 4);
  }

  /// A number of 64 bits; negative from 2^63 on, which no size or offset can be.
  long u64(String what) throws IOException {
    return number(what, 8);
  }

  /// Text up to a NUL, which is skipped. Bytes that are not ASCII come out as ISO-8859-1.
  String cString(String what, int maxLength) throws IOException {
    long start = position;
    StringBuilder text = new StringBuilder();
    while (true) {
      checkLeft(what, 1);
      int c = next();
      if (c == 0) {
        return text.toString();
      }
      if (text.length() == maxLength) {
        throw damaged(
            InputCode.VALUE_INVALID,
            start,
            what + ": expected a text of at most " + maxLength + " bytes and a NUL after it",
            "");
      }
      text.append((char) c);
    }
  }

  /// The next `size` bytes.
  ///
  /// @param max that the caller is willing to hold; `size` is looked at before anything is
  ///   allocated
  byte[] bytes(String what, long size, int max) throws IOException {
    checkLeft(what, size);
    if (size > max) {
      throw damaged(
          InputCode.VALUE_INVALID,
          what + ": expected at most " + max + " bytes but the size says " + size);
    }
    byte[] out = new byte[(int) size];
    int done = 0;
    while (done < out.length) {
      fill(what);
      int from = (int) (position - windowStart);
      int length = Math.min(out.length - done, windowLength - from);
      System.arraycopy(window, from, out, done, length);
      done += length;
      position += length;
    }
    return out;
  }

  /// The next `size` bytes as text, cut at the first NUL, without the blanks around it.
  String text(String what, long size, int max) throws IOException {
    String text = new String(bytes(what, size, max), StandardCharsets.UTF_8);
    int nul = text.indexOf('\0');
    return (nul < 0 ? text : text.substring(0, nul)).strip();
  }

  void skip(String what, long size) throws DamagedInput {
    checkLeft(what, size);
    position += size;
  }

  /// The bytes that are left, as a stream. This cursor moves with it.
  InputStream stream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return left() == 0 ? -1 : next();
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        if (left() == 0) {
          return length == 0 ? 0 : -1;
        }
        fill("a byte");
        int from = (int) (position - windowStart);
        int count = (int) Math.min(Math.min(length, left()), windowLength - from);
        System.arraycopy(window, from, into, offset, count);
        position += count;
        return count;
      }
    };
  }

  private void checkLeft(String what, long size) throws DamagedInput {
    if (size < 0 || size > left()) {
      if (left() <= 0) {
        throw damaged(InputCode.INPUT_TRUNCATED, "ends where " + what + " must follow");
      }
      throw damaged(
          InputCode.SIZE_BEYOND_END,
          what + ": " + unsigned(size) + " bytes are expected but only " + left() + " are left");
    }
  }

  private static String unsigned(long value) {
    return Long.toUnsignedString(value);
  }

  private long number(String what, int size) throws IOException {
    checkLeft(what, size);
    long value = 0;
    for (int i = 0; i < size; i++) {
      long b = next();
      value = order == ByteOrder.BIG_ENDIAN ? value << 8 | b : value | b << 8 * i;
    }
    return value;
  }

  private int next() throws IOException {
    fill("a byte");
    return window[(int) (position++ - windowStart)] & 0xff;
  }

  private void fill(String what) throws IOException {
    if (position >= windowStart && position < windowStart + windowLength) {
      return;
    }
    if (window.length == 0) {
      window = new byte[(int) Math.min(WINDOW, Math.max(1, end - position))];
    }
    int length = source.read(position, window);
    if (length <= 0) {
      windowLength = 0;
      throw damaged(InputCode.INPUT_TRUNCATED, "ends where " + what + " must follow");
    }
    windowStart = position;
    windowLength = length;
  }
}
