package dev.tracery.render.printf;

import org.jspecify.annotations.Nullable;

/// Reads conversions out of a format string.
final class FormatReader {

  private static final int MAX_WIDTH = 4096;

  private final String format;
  private int at;

  FormatReader(String format) {
    this.format = format;
  }

  /// Whether there is more.
  boolean hasMore() {
    return at < format.length();
  }

  /// Takes the text up to the next conversion.
  String literal() {
    int end = format.indexOf('%', at);
    String literal = format.substring(at, end < 0 ? format.length() : end);
    at += literal.length();
    return literal;
  }

  /// Takes the conversion that begins here.
  ///
  /// @return null if the kernel has none like it, where it would stop printing
  @Nullable Conversion conversion() {
    at++;
    boolean left = false;
    boolean plus = false;
    boolean space = false;
    boolean special = false;
    boolean zero = false;
    for (boolean more = true; more; ) {
      switch (peek()) {
        case '-' -> left = true;
        case '+' -> plus = true;
        case ' ' -> space = true;
        case '#' -> special = true;
        case '0' -> zero = true;
        default -> more = false;
      }
      at += more ? 1 : 0;
    }
    boolean widthArgument = accept('*');
    int width = widthArgument ? -1 : number();
    boolean precisionArgument = false;
    int precision = -1;
    if (accept('.')) {
      precisionArgument = accept('*');
      precision = precisionArgument ? -1 : number();
    }
    String length = length();
    char letter = peek();
    at++;
    if (letter == 0 || "csp%oxXdiu".indexOf(letter) < 0) {
      return null;
    }
    String extension = letter == 'p' ? extension() : "";
    return new Conversion(
        new Conversion.Flags(left, plus, space, special, zero),
        width,
        widthArgument,
        precision,
        precisionArgument,
        length,
        letter,
        extension);
  }

  private String length() {
    char c = peek();
    return switch (c) {
      case 'h', 'l' -> {
        at++;
        yield accept(c) ? "" + c + c : "" + c;
      }
      case 'L', 'j' -> {
        at++;
        yield "ll";
      }
      case 'z', 'Z' -> {
        at++;
        yield "z";
      }
      case 't' -> {
        at++;
        yield "t";
      }
      default -> "";
    };
  }

  private String extension() {
    int start = at;
    while (isLetterOrDigit(peek())) {
      at++;
    }
    return format.substring(start, at);
  }

  private static boolean isLetterOrDigit(char c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private int number() {
    int start = at;
    int value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = Math.min(MAX_WIDTH, value * 10 + (peek() - '0'));
      at++;
    }
    return at == start ? -1 : value;
  }

  private boolean accept(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private char peek() {
    return at < format.length() ? format.charAt(at) : 0;
  }
}
