package dev.tracery.compiler.syntax;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Splits a declaration into type and name. Brackets are balanced already.
///
/// It reads from the end, because the name is the last word: before the array's brackets (`char
/// comm[16]`, `__rel_loc char name[]`) or after the type's (`__data_loc char[] name`).
final class DeclarationParser {

  /// After these alone a word is the rest of the type.
  private static final Set<String> UNFINISHED =
      Set.of(
          "struct",
          "union",
          "enum",
          "const",
          "volatile",
          "unsigned",
          "signed",
          "__data_loc",
          "__rel_loc");

  private static final Set<String> INTEGER_WORDS =
      Set.of("int", "char", "long", "short", "unsigned", "signed");

  // Why: messages have names in them, so a name must not be as long as a file can be.
  private static final int LONGEST_NAME = 255;

  private final byte[] text;
  private final TypeCache types;
  private final Problems problems;

  private int nameStart;
  private int nameEnd;

  DeclarationParser(byte[] text, TypeCache types, Problems problems) {
    this.text = text;
    this.types = types;
    this.problems = problems;
  }

  /// Where the name of the last declaration begins.
  int nameStart() {
    return nameStart;
  }

  /// Where the name of the last declaration ends.
  int nameEnd() {
    return nameEnd;
  }

  /// Reads one declaration.
  ///
  /// @return null if it has an error, which was reported
  @Nullable DeclaredType parse(int start, int declarationEnd) {
    int end = withoutAttributes(start, trim(start, declarationEnd));
    int stop = end;
    while (stop > start && text[stop - 1] == ']') {
      stop = trim(start, opening(start, stop - 1));
    }
    nameEnd = stop;
    int bracketStart = stop;
    if (stop > start && text[stop - 1] == ')') {
      return functionPointer(start, end);
    }
    while (stop > start && isNameByte(text[stop - 1])) {
      stop--;
    }
    nameStart = stop;
    int typeEnd = trim(start, stop);
    if (nameStart == nameEnd || typeEnd == start || isUnfinished(start, typeEnd)) {
      problems.report(
          DiagnosticCode.FIELD_NAME_MISSING,
          start,
          "expected a type and a name but found " + Problems.quoted(text, start, declarationEnd));
      return null;
    }
    if (nameEnd - nameStart > LONGEST_NAME) {
      problems.report(
          DiagnosticCode.FIELD_NAME_INVALID,
          nameStart,
          "the field's name has "
              + (nameEnd - nameStart)
              + " bytes; at most "
              + LONGEST_NAME
              + " are allowed");
      return null;
    }
    if (!isName()) {
      problems.report(
          DiagnosticCode.FIELD_NAME_INVALID,
          nameStart,
          "a field's name cannot be " + Problems.quoted(text, nameStart, nameEnd));
      return null;
    }
    while (bracketStart < end && text[bracketStart] != '[') {
      bracketStart++;
    }
    DeclaredType type = types.get(text, start, typeEnd, bracketStart, end);
    if (type == null) {
      invalidType(start, typeEnd);
    }
    return type;
  }

  /// `int (*name)(args)`: the name is the word after the star.
  private @Nullable DeclaredType functionPointer(int start, int end) {
    int i = start;
    while (i < end && text[i] != '(') {
      i++;
    }
    int star = i + 1;
    while (star < end && (Ascii.isBlank(text[star]) || text[star] == '*')) {
      star++;
    }
    nameStart = star;
    while (star < end && Ascii.isWord(text[star])) {
      star++;
    }
    nameEnd = star;
    DeclaredType type =
        nameStart < nameEnd && nameEnd - nameStart <= LONGEST_NAME && text[i + 1] == '*' && isName()
            ? types.get(text, start, nameStart, nameEnd, end)
            : null;
    if (type == null) {
      invalidType(start, end);
    }
    return type;
  }

  private void invalidType(int start, int end) {
    problems.report(
        DiagnosticCode.FIELD_TYPE_INVALID,
        start,
        "expected a C type but found " + Problems.quoted(text, start, end));
  }

  /// Without `__attribute__((…))` groups at the end.
  private int withoutAttributes(int start, int from) {
    int end = from;
    while (end > start && text[end - 1] == ')') {
      int open = opening(start, end - 1);
      int wordEnd = trim(start, open);
      int word = wordEnd;
      while (word > start && Ascii.isWord(text[word - 1])) {
        word--;
      }
      if (!new String(text, word, wordEnd - word, StandardCharsets.US_ASCII)
          .startsWith("__attribute")) {
        return end;
      }
      end = trim(start, word);
    }
    return end;
  }

  /// Where the bracket opens that closes at `close`.
  private int opening(int start, int close) {
    int depth = 0;
    for (int i = close; i >= start; i--) {
      switch (text[i]) {
        case ')', ']', '}' -> depth++;
        case '(', '[', '{' -> {
          if (--depth == 0) {
            return i;
          }
        }
        default -> {}
      }
    }
    return start;
  }

  /// Whether the last word is the type's and no name: `unsigned int`, `struct page`.
  private boolean isUnfinished(int start, int typeEnd) {
    byte first = text[start];
    // Why: a quick way out for nearly all types; no word of UNFINISHED begins otherwise.
    if (first != 's'
        && first != 'u'
        && first != 'e'
        && first != 'c'
        && first != 'v'
        && first != '_') {
      return false;
    }
    String type = new String(text, start, typeEnd - start, StandardCharsets.ISO_8859_1);
    if (!UNFINISHED.contains(type)) {
      return false;
    }
    if (!type.endsWith("signed")) {
      return true;
    }
    String name = new String(text, nameStart, nameEnd - nameStart, StandardCharsets.ISO_8859_1);
    return INTEGER_WORDS.contains(name);
  }

  private boolean isName() {
    for (int i = nameStart; i < nameEnd; i++) {
      if (text[i] < 0) {
        return false;
      }
    }
    return !Ascii.isDigit(text[nameStart]);
  }

  /// Names of the `ftrace` system of kernels before 3.x have dots in them: `graph_ent.func`. Bytes
  /// that are not ASCII are taken into the name to be refused with it.
  private static boolean isNameByte(byte b) {
    return Ascii.isWord(b) || b == '.' || b < 0;
  }

  private int trim(int from, int to) {
    int i = to;
    while (i > from && Ascii.isBlank(text[i - 1])) {
      i--;
    }
    return i;
  }
}
