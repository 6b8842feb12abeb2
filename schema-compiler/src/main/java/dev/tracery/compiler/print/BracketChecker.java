package dev.tracery.compiler.print;

import dev.tracery.compiler.syntax.DiagnosticCode;
import dev.tracery.compiler.syntax.Problems;
import java.util.Arrays;

/// Tells a damaged print format from one that is only not understood: reports strings that do not
/// end, brackets without their other half, and lines after the print format.
final class BracketChecker {

  private final byte[] text;
  private final int end;
  private final Problems problems;

  private int[] open = new int[16];
  private int depth;

  BracketChecker(byte[] text, int end, Problems problems) {
    this.text = text;
    this.end = end;
    this.problems = problems;
  }

  /// Checks the text from `start` on.
  void check(int start) {
    int i = start;
    while (i < end) {
      switch (text[i]) {
        case '"', '\'' -> {
          int after = afterString(i);
          if (after < 0) {
            problems.report(
                DiagnosticCode.PRINT_STRING_UNTERMINATED,
                i,
                "expected the string's closing quote but found the end of the file",
                "the file may be truncated");
            return;
          }
          i = after;
        }
        case '(', '[', '{' -> push(i++);
        case ')', ']', '}' -> close(i++);
        case '\n' -> {
          problems.report(
              DiagnosticCode.LINE_UNEXPECTED,
              Math.min(i + 1, end),
              "expected the end of the file after the print format but found another line");
          return;
        }
        default -> i++;
      }
    }
    for (int n = 0; n < depth; n++) {
      problems.report(
          DiagnosticCode.PRINT_BRACKET_UNBALANCED,
          open[n],
          "expected a \"" + closing(open[n]) + "\" for this bracket but found the end of the file",
          "the file may be truncated");
    }
  }

  private void close(int at) {
    if (depth == 0) {
      problems.report(
          DiagnosticCode.PRINT_BRACKET_UNBALANCED,
          at,
          "this \"" + (char) text[at] + "\" closes no bracket");
      return;
    }
    int opening = open[--depth];
    if (closing(opening) != text[at]) {
      problems.report(
          DiagnosticCode.PRINT_BRACKET_UNBALANCED,
          opening,
          "expected a \""
              + closing(opening)
              + "\" for this bracket but found "
              + Problems.quoted(text, at, at + 1)
              + " "
              + (at - opening)
              + " bytes later");
    }
  }

  private void push(int at) {
    if (depth == open.length) {
      open = Arrays.copyOf(open, depth * 2);
    }
    open[depth++] = at;
  }

  private char closing(int opening) {
    return switch (text[opening]) {
      case '(' -> ')';
      case '[' -> ']';
      default -> '}';
    };
  }

  private int afterString(int start) {
    byte quote = text[start];
    for (int i = start + 1; i < end; i++) {
      if (text[i] == quote) {
        return i + 1;
      }
      if (text[i] == '\\') {
        i++;
      }
    }
    return -1;
  }
}
