package dev.tracery.render;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Text as bytes, appended piece by piece without an object for each. Not thread-safe.
public final class TextBuffer {

  private byte[] bytes = new byte[64 << 10];
  private int length;

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
