package dev.tracery.registry.diff;

import java.util.ArrayList;
import java.util.List;

/// The parts of a format string, as the kernel's `vsnprintf` reads it (lib/vsprintf.c, Linux 6.12).
final class FormatString {

  private static final String FLAGS = "-+ #0'";
  private static final String LENGTHS = "hlqjztL";

  private FormatString() {}

  /// What stands between two conversions, or a conversion.
  ///
  /// @param text of a conversion, without what says nothing of what is printed: lengths, and `i`
  ///   for `d`
  /// @param arguments how many it takes; 0 for a text that is printed as it is
  record Part(String text, int arguments) {
    boolean isLiteral() {
      return arguments == 0;
    }
  }

  static List<Part> parts(String format) {
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at);
      if (c != '%') {
        literal.append(c);
        at++;
      } else if (format.startsWith("%%", at)) {
        literal.append('%');
        at += 2;
      } else {
        if (!literal.isEmpty()) {
          parts.add(new Part(literal.toString(), 0));
          literal.setLength(0);
        }
        at = conversion(format, at, parts);
      }
    }
    if (!literal.isEmpty()) {
      parts.add(new Part(literal.toString(), 0));
    }
    return parts;
  }

  /// Reads the conversion that begins at `start`.
  ///
  /// @return where it ends
  private static int conversion(String format, int start, List<Part> parts) {
    StringBuilder text = new StringBuilder("%");
    int arguments = 1;
    int at = start + 1;
    while (at < format.length()) {
      char c = format.charAt(at);
      if (c == '*') {
        arguments++;
      } else if (FLAGS.indexOf(c) < 0 && c != '.' && (c < '0' || c > '9')) {
        break;
      }
      text.append(c);
      at++;
    }
    while (at < format.length() && LENGTHS.indexOf(format.charAt(at)) >= 0) {
      at++;
    }
    if (at < format.length()) {
      char c = format.charAt(at++);
      text.append(c == 'i' ? 'd' : c);
      // Why: %pI4, %pS, %*pbl. The kernel takes all letters and digits behind a %p for its own.
      while (c == 'p' && at < format.length() && isAlphanumeric(format.charAt(at))) {
        text.append(format.charAt(at++));
      }
    }
    parts.add(new Part(text.toString(), arguments));
    return at;
  }

  private static boolean isAlphanumeric(char c) {
    return c < 0x80 && Character.isLetterOrDigit(c);
  }
}
