package dev.tracery.translate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A golden file and a place in it. Strings in it may hold line feeds and bytes that are no text.
final class GoldenText {

  private final byte[] bytes;
  private int at;

  GoldenText(byte[] bytes) {
    this.bytes = bytes;
  }

  int at() {
    return at;
  }

  void at(int place) {
    at = place;
  }

  boolean isAtEnd() {
    return at >= bytes.length;
  }

  /// The byte at the place; -1 at the end.
  int peek() {
    return at < bytes.length ? bytes[at] : -1;
  }

  boolean skip(byte[] expected) {
    if (!startsWith(expected)) {
      return false;
    }
    at += expected.length;
    return true;
  }

  boolean skip(String expected) {
    return skip(expected.getBytes(StandardCharsets.UTF_8));
  }

  private boolean startsWith(byte[] expected) {
    if (bytes.length - at < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (bytes[at + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  void skipBlanks() {
    while (peek() == ' ') {
      at++;
    }
  }

  /// What comes up to the next blank or line feed.
  String word() {
    int from = at;
    while (at < bytes.length && bytes[at] != ' ' && bytes[at] != '\n') {
      at++;
    }
    return new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
  }

  /// The rest of the line; the line feed is skipped.
  String line() {
    int from = at;
    while (at < bytes.length && bytes[at] != '\n') {
      at++;
    }
    String line = new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
    at = Math.min(at + 1, bytes.length);
    return line;
  }

  /// What comes next, for messages.
  String ahead() {
    int to = Math.min(bytes.length, at + 60);
    return new String(bytes, at, to - at, StandardCharsets.ISO_8859_1);
  }

  /// `01, fe, …]`, after `ARRAY[`.
  byte[] hexBytes() {
    List<Byte> found = new ArrayList<>();
    while (!skip("]")) {
      skip(", ");
      if (at + 2 > bytes.length || hex(bytes[at]) < 0 || hex(bytes[at + 1]) < 0) {
        throw new AssertionError("no byte: " + ahead());
      }
      found.add((byte) (hex(bytes[at]) << 4 | hex(bytes[at + 1])));
      at += 2;
    }
    byte[] out = new byte[found.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = found.get(i);
    }
    return out;
  }

  private static int hex(byte c) {
    return Character.digit(c, 16);
  }
}
