package dev.tracery.render;

/// Walks through the kernel's text tables.
final class TableText {

  private TableText() {}

  /// Where the line feed is that ends the line at `from`, or the text's end.
  static int lineEnd(byte[] text, int from) {
    int at = from;
    while (at < text.length && text[at] != '\n') {
      at++;
    }
    return at;
  }

  /// The first byte from `from` on that is no hexadecimal digit, or `end`.
  static int hexEnd(byte[] text, int from, int end) {
    int at = from;
    while (at < end && Character.digit(text[at], 16) >= 0) {
      at++;
    }
    return at;
  }

  /// What the hexadecimal digits up to `end` mean; of more than 16 the last ones.
  static long hex(byte[] text, int from, int end) {
    long value = 0;
    for (int i = from; i < end; i++) {
      value = value << 4 | Character.digit(text[i], 16);
    }
    return value;
  }
}
