package dev.tracery.compiler.syntax;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads field lines: a declaration and its columns.
final class FieldLineParser {

  /// The largest record: the location word of a dynamic field has 16 bits for an offset.
  private static final int RECORD_LIMIT = 65_536;

  private static final byte[] FIELD = ascii("field");
  private static final byte[] SPECIAL = ascii(" special");
  private static final byte[] OFFSET = ascii("offset:");
  private static final byte[] SIZE = ascii("size:");
  private static final byte[] SIGNED = ascii("signed:");

  private final byte[] text;
  private final DeclarationParser declarations;
  private final StringCache names;
  private final Problems problems;

  private int at;
  private int end;

  FieldLineParser(byte[] text, StringCache names, TypeCache types, Problems problems) {
    this.text = text;
    this.names = names;
    this.declarations = new DeclarationParser(text, types, problems);
    this.problems = problems;
  }

  /// Reads one line.
  ///
  /// @return null if it has an error, which was reported
  @Nullable FieldSyntax parse(int lineStart, int lineEnd) {
    at = lineStart;
    end = lineEnd;
    skipBlanks();
    int start = at;
    if (!accept(FIELD)) {
      return garbled(at, "expected \"field:\"");
    }
    accept(SPECIAL);
    if (at >= end || text[at] != ':') {
      return garbled(at, "expected \":\" after \"field\"");
    }
    at++;
    skipBlanks();
    int declaration = at;
    int declarationEnd = declarationEnd();
    if (declarationEnd < 0) {
      return null;
    }
    at = declarationEnd + 1;
    DeclaredType type = declarations.parse(declaration, declarationEnd);
    int nameStart = declarations.nameStart();
    int nameEnd = declarations.nameEnd();
    int offsetAt = at;
    int offset = column(OFFSET);
    if (offset < 0) {
      return null;
    }
    int sizeAt = at;
    int size = column(SIZE);
    if (size < 0) {
      return null;
    }
    int sign = sign();
    if (sign < -1 || !restIsFine() || type == null) {
      return null;
    }
    String name = names.get(text, nameStart, nameEnd);
    if (offset >= RECORD_LIMIT) {
      return beyond(offsetAt, name + " begins at byte " + offset);
    }
    if (size > RECORD_LIMIT - offset) {
      return beyond(sizeAt, name + " ends at byte " + ((long) offset + size));
    }
    return new FieldSyntax(type, name, offset, size, sign, start);
  }

  /// Where the semicolon after the declaration is; -1 if there is none, which was reported.
  private int declarationEnd() {
    int depth = 0;
    for (int i = at; i < end; i++) {
      switch (text[i]) {
        case ';' -> {
          if (depth == 0) {
            return i;
          }
        }
        case '(', '[', '{' -> depth++;
        case ')', ']', '}' -> {
          if (--depth < 0) {
            garbled(i, "a bracket closes that none opened");
            return -1;
          }
        }
        default -> {}
      }
    }
    garbled(
        at,
        depth > 0
            ? "expected the declaration's brackets to be closed"
            : "expected \";\" after the declaration");
    return -1;
  }

  /// Reads `label number;`.
  ///
  /// @return -1 if it is not there, which was reported
  private int column(byte[] label) {
    skipBlanks();
    if (!accept(label)) {
      problems.report(
          DiagnosticCode.FIELD_COLUMN_MISSING,
          at,
          "expected \""
              + new String(label, StandardCharsets.US_ASCII)
              + "\" but found "
              + found(at));
      return -1;
    }
    return number();
  }

  private int number() {
    int start = at;
    long value = 0;
    while (at < end && Ascii.isDigit(text[at])) {
      value = Math.min(value * 10 + (text[at] - '0'), 1L << 40);
      at++;
    }
    if (at == start || at >= end || text[at] != ';') {
      problems.report(
          DiagnosticCode.FIELD_NUMBER_INVALID,
          start,
          "expected a decimal number and \";\" but found " + found(start));
      return -1;
    }
    if (value > Integer.MAX_VALUE) {
      problems.report(
          DiagnosticCode.FIELD_NUMBER_INVALID,
          start,
          "the number " + Problems.quoted(text, start, at) + " is too large");
      return -1;
    }
    at++;
    return (int) value;
  }

  /// @return -1 if there is no such column, -2 if it is wrong
  private int sign() {
    skipBlanks();
    if (!accept(SIGNED)) {
      return -1;
    }
    int start = at;
    int value = number();
    if (value > 1) {
      problems.report(
          DiagnosticCode.FIELD_NUMBER_INVALID,
          start,
          "expected 0 or 1 but found " + Problems.quoted(text, start, at - 1));
      return -2;
    }
    return value < 0 ? -2 : value;
  }

  /// After the known columns: nothing, or columns that some later kernel has.
  private boolean restIsFine() {
    while (true) {
      skipBlanks();
      if (at >= end) {
        return true;
      }
      int start = at;
      while (at < end && Ascii.isWord(text[at])) {
        at++;
      }
      int labelEnd = at;
      boolean labelled = at > start && at < end && text[at] == ':';
      at++;
      int valueStart = at;
      while (at < end && Ascii.isWord(text[at])) {
        at++;
      }
      if (!labelled || at == valueStart || at >= end || text[at] != ';') {
        garbled(start, "expected the line's end");
        return false;
      }
      at++;
      problems.report(
          DiagnosticCode.FIELD_COLUMN_UNKNOWN,
          start,
          "the column " + Problems.quoted(text, start, labelEnd) + " is not known and was ignored");
    }
  }

  private @Nullable FieldSyntax garbled(int where, String message) {
    problems.report(DiagnosticCode.FIELD_GARBLED, where, message + " but found " + found(where));
    return null;
  }

  private @Nullable FieldSyntax beyond(int where, String message) {
    problems.report(
        DiagnosticCode.FIELD_BEYOND_RECORD,
        where,
        message + ", beyond the " + RECORD_LIMIT + " bytes that a record can hold");
    return null;
  }

  private String found(int where) {
    return where >= end ? "the line's end" : Problems.quoted(text, where, end);
  }

  private boolean accept(byte[] word) {
    int stop = at + word.length;
    if (stop > end || !Arrays.equals(text, at, stop, word, 0, word.length)) {
      return false;
    }
    at = stop;
    return true;
  }

  private void skipBlanks() {
    while (at < end && Ascii.isBlank(text[at])) {
      at++;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
