package dev.tracery.compiler.print;

import dev.tracery.compiler.print.Expression.IntegerLiteral;
import dev.tracery.compiler.syntax.Problems;
import dev.tracery.compiler.syntax.StringCache;
import dev.tracery.model.WordSize;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// The values of C's numbers, characters and strings.
final class Literals {

  private static final int SMALL = 256;
  private static final IntegerLiteral[] SMALL_INTS = smallInts();

  private final byte[] text;
  private final StringCache names;

  /// @param text what places are in
  Literals(byte[] text, StringCache names) {
    this.text = text;
    this.names = names;
  }

  /// Where the string or character ends that begins at `start`: after its closing quote.
  int end(int start, int limit) {
    byte quote = text[start];
    for (int i = start + 1; i < limit; i++) {
      byte b = text[i];
      if (b == quote) {
        return i + 1;
      }
      if (b == '\\') {
        i++;
      }
    }
    throw new NotUnderstood(start, "expected the closing quote");
  }

  /// The text between quotes, escapes decoded.
  String string(int start, int end) {
    for (int i = start; i < end; i++) {
      if (text[i] == '\\') {
        return new String(decoded(start, end), StandardCharsets.UTF_8);
      }
    }
    return names.get(text, start, end);
  }

  /// A number or a character.
  IntegerLiteral integer(int start, int end, WordSize wordSize) {
    if (text[start] == '\'') {
      return character(start, end);
    }
    if (end - start <= 9 && text[start] != '0' || end - start == 1) {
      int value = 0;
      int i = start;
      while (i < end && text[i] >= '0' && text[i] <= '9') {
        value = value * 10 + (text[i++] - '0');
      }
      if (i == end) {
        return literal(value, IntegerType.INT);
      }
    }
    return number(start, end, wordSize);
  }

  private IntegerLiteral number(int start, int end, WordSize wordSize) {
    int radix = radix(start, end);
    int i = radix == 16 || radix == 2 ? start + 2 : start;
    int digits = i;
    long value = 0;
    long overflow = Long.divideUnsigned(-1L, radix);
    for (int digit; i < end && (digit = Character.digit(text[i], radix)) >= 0; i++) {
      if (Long.compareUnsigned(value, overflow) > 0
          || Long.compareUnsigned(value * radix, -1L - digit) > 0) {
        throw new NotUnderstood(
            start, "the number " + Problems.quoted(text, start, end) + " has more than 64 bits");
      }
      value = value * radix + digit;
    }
    boolean unsigned = false;
    int longs = 0;
    for (int suffix = i; suffix < end; suffix++) {
      byte b = text[suffix];
      if ((b == 'u' || b == 'U') && !unsigned) {
        unsigned = true;
      } else if ((b == 'l' || b == 'L') && longs < 2) {
        longs++;
      } else {
        throw notANumber(start, end);
      }
    }
    if (i == digits) {
      throw notANumber(start, end);
    }
    return literal(value, type(value, unsigned, longs, radix == 10, wordSize));
  }

  /// The first of C's types that can hold the number (C11 6.4.4.1).
  private static IntegerType type(
      long value, boolean unsigned, int longs, boolean decimal, WordSize wordSize) {
    IntegerType type =
        switch (longs) {
          case 0 -> IntegerType.INT;
          case 1 -> IntegerType.LONG;
          default -> IntegerType.LONG_LONG;
        };
    while (true) {
      if (!unsigned && fits(value, type, wordSize)) {
        return type;
      }
      if ((unsigned || !decimal) && fits(value, type.unsigned(), wordSize)) {
        return type.unsigned();
      }
      if (type == IntegerType.LONG_LONG) {
        return IntegerType.UNSIGNED_LONG_LONG;
      }
      type = type == IntegerType.INT ? IntegerType.LONG : IntegerType.LONG_LONG;
    }
  }

  private static boolean fits(long value, IntegerType type, WordSize wordSize) {
    int bits = 8 * type.size(wordSize) - (type.isSigned() ? 1 : 0);
    return bits == 64 || value >>> bits == 0;
  }

  private int radix(int start, int end) {
    if (text[start] != '0' || end - start < 2) {
      return 10;
    }
    return switch (text[start + 1]) {
      case 'x', 'X' -> 16;
      case 'b', 'B' -> 2;
      default -> 8;
    };
  }

  private IntegerLiteral character(int start, int end) {
    byte[] value = decoded(start + 1, end - 1);
    if (value.length != 1) {
      throw new NotUnderstood(
          start, "expected one character but found " + Problems.quoted(text, start, end));
    }
    return literal(value[0], IntegerType.INT);
  }

  private NotUnderstood notANumber(int start, int end) {
    return new NotUnderstood(
        start, "expected a number but found " + Problems.quoted(text, start, end));
  }

  private byte[] decoded(int start, int end) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(end - start);
    int i = start;
    while (i < end) {
      byte b = text[i++];
      if (b != '\\' || i == end) {
        out.write(b);
        continue;
      }
      b = text[i++];
      switch (b) {
        case 'n' -> out.write('\n');
        case 't' -> out.write('\t');
        case 'r' -> out.write('\r');
        case 'a' -> out.write(7);
        case 'b' -> out.write('\b');
        case 'f' -> out.write('\f');
        case 'v' -> out.write(11);
        case 'e' -> out.write(27);
        case '\n' -> {}
        case 'x' -> {
          int value = 0;
          while (i < end && Character.digit(text[i], 16) >= 0) {
            value = value << 4 | Character.digit(text[i++], 16);
          }
          out.write(value);
        }
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          int value = b - '0';
          for (int n = 1; n < 3 && i < end && Character.digit(text[i], 8) >= 0; n++) {
            value = value << 3 | text[i++] - '0';
          }
          out.write(value);
        }
        default -> out.write(b);
      }
    }
    return out.toByteArray();
  }

  private static IntegerLiteral literal(long value, IntegerType type) {
    return type == IntegerType.INT && value >= 0 && value < SMALL
        ? SMALL_INTS[(int) value]
        : new IntegerLiteral(value, type);
  }

  private static IntegerLiteral[] smallInts() {
    IntegerLiteral[] ints = new IntegerLiteral[SMALL];
    for (int i = 0; i < SMALL; i++) {
      ints[i] = new IntegerLiteral(i, IntegerType.INT);
    }
    return ints;
  }
}
