package dev.tracery.translate;

import dev.tracery.render.TextBuffer;
import java.nio.charset.StandardCharsets;

/// Writes values as JSON has them. Not thread-safe.
final class JsonText {

  /// The largest number that a `double` has, and its neighbours too: 2^53 - 1.
  private static final long MAX_EXACT = (1L << 53) - 1;

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);

  /// What a byte below 0x80 is escaped with after a backslash; 0 for none, 'u' for its number.
  private static final byte[] ESCAPES = escapes();

  private final byte[] digits = new byte[20];

  private static byte[] escapes() {
    byte[] escapes = new byte[128];
    for (int c = 0; c < ' '; c++) {
      escapes[c] = 'u';
    }
    escapes['\n'] = 'n';
    escapes['\r'] = 'r';
    escapes['\t'] = 't';
    escapes['\b'] = 'b';
    escapes['\f'] = 'f';
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    return escapes;
  }

  /// A number; in quotes where a `double` would not hold it exactly.
  void signed(long value, TextBuffer out) {
    if (value < -MAX_EXACT || value > MAX_EXACT) {
      quoted(value < 0, value < 0 ? -value : value, out);
    } else {
      if (value < 0) {
        out.put('-');
      }
      magnitude(Math.abs(value), out);
    }
  }

  /// The same of a number without a sign.
  void unsigned(long value, TextBuffer out) {
    if (value < 0 || value > MAX_EXACT) {
      quoted(false, value, out);
    } else {
      magnitude(value, out);
    }
  }

  private void quoted(boolean negative, long magnitude, TextBuffer out) {
    out.put('"');
    if (negative) {
      out.put('-');
    }
    magnitude(magnitude, out);
    out.put('"');
  }

  /// @param value of 64 bits, without a sign
  private void magnitude(long value, TextBuffer out) {
    int at = digits.length;
    long rest = value;
    if (rest < 0) {
      long tenth = Long.divideUnsigned(rest, 10);
      digits[--at] = (byte) ('0' + (rest - tenth * 10));
      rest = tenth;
    }
    do {
      long tenth = rest / 10;
      digits[--at] = (byte) ('0' + (rest - tenth * 10));
      rest = tenth;
    } while (rest != 0);
    out.put(digits, at, digits.length - at);
  }

  /// A string, in quotes.
  ///
  /// @param bytes holds it as valid UTF-8
  void string(byte[] bytes, int from, int to, TextBuffer out) {
    out.put('"');
    int plain = from;
    for (int i = from; i < to; i++) {
      byte c = bytes[i];
      byte escape = c < 0 ? 0 : ESCAPES[c];
      if (escape != 0) {
        out.put(bytes, plain, i - plain);
        plain = i + 1;
        out.put('\\');
        out.put(escape);
        if (escape == 'u') {
          out.put('0');
          out.put('0');
          out.put(DIGITS[c >> 4]);
          out.put(DIGITS[c & 15]);
        }
      }
    }
    out.put(bytes, plain, to - plain);
    out.put('"');
  }

  /// Bytes as base64 with padding, in quotes.
  void base64(byte[] bytes, int from, int to, TextBuffer out) {
    out.put('"');
    int at = from;
    for (; at + 3 <= to; at += 3) {
      int group = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
      out.put(BASE64[group >> 18]);
      out.put(BASE64[group >> 12 & 63]);
      out.put(BASE64[group >> 6 & 63]);
      out.put(BASE64[group & 63]);
    }
    if (at < to) {
      int group = (bytes[at] & 0xff) << 16 | (at + 1 < to ? (bytes[at + 1] & 0xff) << 8 : 0);
      out.put(BASE64[group >> 18]);
      out.put(BASE64[group >> 12 & 63]);
      out.put(at + 1 < to ? BASE64[group >> 6 & 63] : '=');
      out.put('=');
    }
    out.put('"');
  }
}
