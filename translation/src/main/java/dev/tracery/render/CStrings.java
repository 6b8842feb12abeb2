package dev.tracery.render;

import java.io.ByteArrayOutputStream;

/// Decodes the escapes of C strings.
final class CStrings {

  private CStrings() {}

  /// The bytes that the text between two quotes means.
  static byte[] decode(byte[] text, int from, int end) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(end - from);
    for (int at = from; at < end; at++) {
      if (text[at] != '\\' || at + 1 == end) {
        out.write(text[at]);
        continue;
      }
      byte letter = text[++at];
      int octalEnd = octalEnd(text, at, end);
      if (octalEnd > at) {
        int value = 0;
        for (; at < octalEnd; at++) {
          value = value << 3 | text[at] - '0';
        }
        out.write(value);
        at--;
      } else if (letter == 'x') {
        int hexEnd = TableText.hexEnd(text, at + 1, Math.min(end, at + 3));
        out.write((int) TableText.hex(text, at + 1, hexEnd));
        at = hexEnd - 1;
      } else {
        out.write(meaning(letter));
      }
    }
    return out.toByteArray();
  }

  private static int octalEnd(byte[] text, int from, int end) {
    int at = from;
    while (at < Math.min(end, from + 3) && text[at] >= '0' && text[at] <= '7') {
      at++;
    }
    return at;
  }

  private static int meaning(byte letter) {
    return switch (letter) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'a' -> 7;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'v' -> 11;
      case 'e' -> 27;
      default -> letter;
    };
  }
}
