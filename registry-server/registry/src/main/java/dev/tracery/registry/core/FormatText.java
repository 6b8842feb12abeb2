package dev.tracery.registry.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/// The lines at the head of a format file: `name:` and `ID:`. Only as much as the registry must
/// know of a format that it need not compile.
final class FormatText {

  /// A line: its number from 1, and where it begins.
  record Line(int number, int start) {}

  private FormatText() {}

  /// The number after the first `ID:`; empty if there is none, or what follows is no number.
  static OptionalInt id(byte[] text) {
    Line line = find(text, "ID:");
    if (line.number() == 0) {
      return OptionalInt.empty();
    }
    int at = line.start() + 3;
    while (at < text.length && (text[at] == ' ' || text[at] == '\t')) {
      at++;
    }
    int digits = 0;
    int value = 0;
    while (at < text.length && text[at] >= '0' && text[at] <= '9' && digits < 9) {
      value = value * 10 + text[at] - '0';
      at++;
      digits++;
    }
    return digits == 0 ? OptionalInt.empty() : OptionalInt.of(value);
  }

  /// The first line that begins with `start`; number 0 if there is none.
  static Line find(byte[] text, String start) {
    byte[] wanted = start.getBytes(StandardCharsets.US_ASCII);
    int number = 1;
    int line = 0;
    while (line < text.length) {
      int end = Math.min(text.length, line + wanted.length);
      if (Arrays.equals(text, line, end, wanted, 0, wanted.length)) {
        return new Line(number, line);
      }
      while (line < text.length && text[line] != '\n') {
        line++;
      }
      line++;
      number++;
    }
    return new Line(0, 0);
  }
}
