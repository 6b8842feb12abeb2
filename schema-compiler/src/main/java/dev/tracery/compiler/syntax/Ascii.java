package dev.tracery.compiler.syntax;

/// The classes of characters that formats are made of.
public final class Ascii {

  private static final byte WORD = 1;
  private static final byte DIGIT = 2;
  private static final byte BLANK = 4;

  private static final byte[] CLASSES = classes();

  private Ascii() {}

  /// Whether it can stand in an identifier.
  public static boolean isWord(byte b) {
    return b >= 0 && (CLASSES[b] & WORD) != 0;
  }

  /// Whether it is a decimal digit.
  public static boolean isDigit(byte b) {
    return b >= 0 && (CLASSES[b] & DIGIT) != 0;
  }

  /// Whether it is a blank or a tab.
  public static boolean isBlank(byte b) {
    return b >= 0 && (CLASSES[b] & BLANK) != 0;
  }

  /// Whether it is a control character other than tab and line feed.
  static boolean isControl(byte b) {
    return b >= 0 && b < ' ' && b != '\t' && b != '\n' || b == 0x7f;
  }

  private static byte[] classes() {
    byte[] classes = new byte[128];
    for (int c = 0; c < 128; c++) {
      if (c >= '0' && c <= '9') {
        classes[c] = WORD | DIGIT;
      } else if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$') {
        classes[c] = WORD;
      } else if (c == ' ' || c == '\t') {
        classes[c] = BLANK;
      }
    }
    return classes;
  }
}
