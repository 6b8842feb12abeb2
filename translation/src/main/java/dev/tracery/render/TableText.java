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
    while (at < end && digit(text[at]) >= 0) {
      at++;
    }
    return at;
  }

  /// What the hexadecimal digits up to `end` mean; of more than 16 the last ones.
  static long hex(byte[] text, int from, int end) {
    long value = 0;
    for (int i = from; i < end; i++) {
      value = value << 4 | digit(text[i]);
    }
    return value;
  }

  /// @return -1 if it is no hexadecimal digit
  private static int digit(byte letter) {
    if (letter >= '0' && letter <= '9') {
      return letter - '0';
    }
    int lower = letter | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
