package dev.tracery.compiler.input;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes numbers and texts in a byte order.
final class Bytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final boolean big;

  private Bytes(boolean big) {
    this.big = big;
  }

  static Bytes little() {
    return new Bytes(false);
  }

  static Bytes big() {
    return new Bytes(true);
  }

  Bytes u8(int value) {
    return number(value, 1);
  }

  Bytes u16(int value) {
    return number(value, 2);
  }

  Bytes u32(long value) {
    return number(value, 4);
  }

  Bytes u64(long value) {
    return number(value, 8);
  }

  Bytes text(String text) {
    return raw(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Bytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  int size() {
    return out.size();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  private Bytes number(long value, int size) {
    for (int i = 0; i < size; i++) {
      out.write((int) (value >> 8 * (big ? size - 1 - i : i)));
    }
    return this;
  }
}
