package dev.tracery.render.line;

import dev.tracery.render.TextBuffer;

/// Writes numbers without making strings of them. Not thread-safe.
final class Digits {

  private static final int SIZE = 32;

  private static final long NANOS = 1_000_000_000;

  private final byte[] digits = new byte[SIZE];

  /// The stamp that was written last; up to `point` it is that of its whole second.
  private final byte[] stamp = new byte[SIZE];

  private long second;
  private int point;

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

  /// Appends nanoseconds as seconds with six decimals, what is smaller cut off: `%5lu.%06lu`.
  void seconds(long nanos, TextBuffer out) {
    long within = nanos - second;
    if (within < 0 || within >= NANOS || point == 0) {
      second(nanos);
      within = nanos - second;
    }
    // Why not a division: compilers that are quick at compiling make a slow one. These factors are
    // 2^38 / 1000 and 2^35 / 10, rounded up, and right for every int.
    long rest = within * 274877907L >>> 38;
    for (int at = point + 6; --at >= point; ) {
      long next = rest * 0xCCCCCCCDL >>> 35;
      stamp[at] = (byte) ('0' + (rest - next * 10));
      rest = next;
    }
    out.put(stamp, 0, point + 6);
  }

  /// Writes what all stamps of a second begin with.
  private void second(long nanos) {
    long seconds = Long.divideUnsigned(nanos, NANOS);
    second = seconds * NANOS;
    byte[] text = "%5d.".formatted(seconds).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, stamp, 0, text.length);
    point = text.length;
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
