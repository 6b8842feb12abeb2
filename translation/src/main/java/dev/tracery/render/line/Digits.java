package dev.tracery.render.line;

import dev.tracery.render.TextBuffer;

/// Writes numbers without making strings of them. Not thread-safe.
final class Digits {

  private static final int SIZE = 32;

  private final byte[] digits = new byte[SIZE];

  /// Appends an unsigned number, as `%WIDTHllu`.
  void decimal(long value, int width, TextBuffer out) {
    int at = SIZE;
    long rest = value;
    if (rest < 0) {
      digits[--at] = (byte) ('0' + Long.remainderUnsigned(rest, 10));
      rest = Long.divideUnsigned(rest, 10);
    }
    do {
      long next = rest / 10;
      digits[--at] = (byte) ('0' + (rest - next * 10));
      rest = next;
    } while (rest != 0);
    at = pad(at, width);
    out.put(digits, at, SIZE - at);
  }

  /// Appends a signed number, as `%WIDTHlld`.
  void signed(long value, int width, TextBuffer out) {
    byte[] text = Long.toString(value).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int i = text.length; i < width; i++) {
      out.put(' ');
    }
    out.put(text);
  }

  /// Appends microseconds as seconds with six decimals: `%5lu.%06lu`.
  void seconds(long micros, TextBuffer out) {
    long seconds = Long.divideUnsigned(micros, 1_000_000);
    int fraction = (int) (micros - seconds * 1_000_000);
    int at = SIZE;
    for (int i = 0; i < 6; i++) {
      int next = fraction / 10;
      digits[--at] = (byte) ('0' + (fraction - next * 10));
      fraction = next;
    }
    digits[--at] = '.';
    int end = at;
    do {
      long next = seconds / 10;
      digits[--at] = (byte) ('0' + (seconds - next * 10));
      seconds = next;
    } while (seconds != 0);
    while (end - at < 5) {
      digits[--at] = ' ';
    }
    out.put(digits, at, SIZE - at);
  }

  /// Appends an unsigned number in hexadecimal, with zeros in front up to `width` digits.
  void hex(long value, int width, TextBuffer out) {
    int at = SIZE;
    long rest = value;
    do {
      int digit = (int) rest & 15;
      digits[--at] = (byte) (digit < 10 ? '0' + digit : 'a' - 10 + digit);
      rest >>>= 4;
    } while (rest != 0);
    while (SIZE - at < width) {
      digits[--at] = '0';
    }
    out.put(digits, at, SIZE - at);
  }

  private int pad(int from, int width) {
    int at = from;
    while (SIZE - at < width) {
      digits[--at] = ' ';
    }
    return at;
  }
}
