package dev.tracery.render.printf;

import dev.tracery.render.TextBuffer;

/// Integers as lib/vsprintf.c's `number()` prints them. It differs from C's library: `%#x` of 0 is
/// `0x0`, and a precision does not turn the flag `0` off.
///
/// @param flags the conversion's
/// @param base 8, 10 or 16
/// @param signed whether a minus sign may come
/// @param upper whether digits and prefix are in upper case
record NumberFormat(Conversion.Flags flags, int base, boolean signed, boolean upper) {

  private static final byte[] LOWER = digits("0123456789abcdef");
  private static final byte[] UPPER = digits("0123456789ABCDEF");

  private static byte[] digits(String digits) {
    return digits.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  /// Appends a number.
  ///
  /// @param width -1 for none
  /// @param precision -1 for none
  void append(long value, int width, int precision, TextBuffer out) {
    int sign = 0;
    long number = value;
    if (signed) {
      if (value < 0) {
        sign = '-';
        number = -value;
      } else if (flags.plus()) {
        sign = '+';
      } else if (flags.space()) {
        sign = ' ';
      }
    }
    boolean prefix = flags.special() && base != 10;
    int digits = count(number);
    int least = Math.max(digits, precision);
    int pad = width - least - (sign != 0 ? 1 : 0);
    if (prefix) {
      pad -= base == 16 ? 2 : number != 0 ? 1 : 0;
    }
    if (!flags.zero() && !flags.left()) {
      out.repeat(' ', pad);
    }
    if (sign != 0) {
      out.put(sign);
    }
    if (prefix && base == 16) {
      out.put('0');
      out.put(upper ? 'X' : 'x');
    } else if (prefix && number != 0) {
      out.put('0');
    }
    if (flags.zero() && !flags.left()) {
      out.repeat('0', pad);
    }
    out.repeat('0', least - digits);
    digits(number, digits, out);
    if (flags.left()) {
      out.repeat(' ', pad);
    }
  }

  private int count(long number) {
    return switch (base) {
      case 16 -> TextBuffer.hexDigits(number);
      case 8 -> number == 0 ? 1 : (66 - Long.numberOfLeadingZeros(number)) / 3;
      default ->
          number >= 0
              ? TextBuffer.decimalDigits(number)
              : 1 + TextBuffer.decimalDigits(Long.divideUnsigned(number, 10));
    };
  }

  private void digits(long number, int count, TextBuffer out) {
    if (base == 10) {
      out.unsigned(number);
      return;
    }
    int bits = base == 16 ? 4 : 3;
    byte[] digits = upper ? UPPER : LOWER;
    for (int i = count - 1; i >= 0; i--) {
      out.put(digits[(int) (number >>> i * bits) & base - 1]);
    }
  }
}
