package dev.tracery.compiler.print;

import dev.tracery.compiler.syntax.Ascii;
import dev.tracery.compiler.syntax.Problems;
import dev.tracery.compiler.syntax.StringCache;
import dev.tracery.model.WordSize;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Splits a print format into tokens, one at a time, without copying the text.
///
/// Line feeds are blanks only inside strings: anywhere else something follows the print format that
/// does not belong to it.
final class Lexer {

  private static final String UNIQUE = "__UNIQUE_ID_";

  private final byte[] text;
  private final int end;
  private final StringCache names;
  private final WordSize wordSize;
  private final Literals literals;

  private int at;
  private int token;
  private int start;
  private String word = "";
  private @Nullable Map<String, String> uniqueNames;

  /// Stands before the first token.
  Lexer(byte[] text, int start, int end, StringCache names, WordSize wordSize) {
    this.text = text;
    this.at = start;
    this.end = end;
    this.names = names;
    this.wordSize = wordSize;
    this.literals = new Literals(text, names);
  }

  /// The current token's kind.
  int token() {
    return token;
  }

  /// Where the current token begins.
  int start() {
    return start;
  }

  /// Where the current token ends.
  int end() {
    return at;
  }

  /// The current token's text, if it is a word.
  String word() {
    return word;
  }

  /// Whether the current token is this word.
  boolean isWord(String expected) {
    return token == Token.WORD && word.equals(expected);
  }

  /// The value of the current token, which is a number or a character.
  Expression.IntegerLiteral integer() {
    return literals.integer(start, at, wordSize);
  }

  /// The value of the current token, which is a string.
  String string() {
    return literals.string(start + 1, at - 1);
  }

  /// The text between two places, in quotes, for a message.
  String quoted(int from, int to) {
    return Problems.quoted(text, from, to);
  }

  /// What the current token is, for a message.
  String found() {
    return token == Token.END ? "the end" : Problems.quoted(text, start, at);
  }

  /// Goes back to a token that began at `place`.
  void reset(int place) {
    at = place;
    next();
  }

  /// The text of the tokens from `from` up to the current one, one blank between two.
  String rejoined(int from) {
    int stop = start;
    StringBuilder joined = new StringBuilder();
    for (reset(from); start < stop; next()) {
      if (!joined.isEmpty()) {
        joined.append(' ');
      }
      joined.append(token == Token.WORD ? word : names.get(text, start, at));
    }
    return joined.toString();
  }

  /// Goes to the next token.
  ///
  /// @return its kind
  int next() {
    byte[] bytes = text;
    int i = at;
    while (i < end && Ascii.isBlank(bytes[i])) {
      i++;
    }
    start = i;
    if (i >= end) {
      at = i;
      return token = Token.END;
    }
    byte b = bytes[i];
    if (Ascii.isWord(b)) {
      do {
        i++;
      } while (i < end && Ascii.isWord(bytes[i]));
      at = i;
      if (Ascii.isDigit(b)) {
        if (i < end && bytes[i] == '.') {
          throw new NotUnderstood(start, "the kernel has no floating-point numbers");
        }
        return token = Token.INTEGER;
      }
      word = names.get(bytes, start, i);
      if (b == '_' && word.startsWith(UNIQUE)) {
        word = uniqueName(word);
      }
      return token = Token.WORD;
    }
    if (b == '"' || b == '\'') {
      at = literals.end(start, end);
      return token = b == '"' ? Token.STRING : Token.INTEGER;
    }
    return token = punctuator(b, i);
  }

  private int punctuator(byte first, int i) {
    int second = i + 1 < end ? text[i + 1] : 0;
    int third = i + 2 < end ? text[i + 2] : 0;
    at = i + 1;
    switch (first) {
      case '(', ')', '[', ']', '{', '}', ',', ';', ':', '?', '~' -> {
        return first;
      }
      case '.' -> {
        return second == '.' && third == '.' ? skip(2, Token.ELLIPSIS) : '.';
      }
      case '-' -> {
        if (second == '>') {
          return skip(1, Token.ARROW);
        }
        return second == '-' ? skip(1, Token.DECREMENT) : plain(BinaryOperator.SUBTRACT, second);
      }
      case '+' -> {
        return second == '+' ? skip(1, Token.INCREMENT) : plain(BinaryOperator.ADD, second);
      }
      case '*' -> {
        return plain(BinaryOperator.MULTIPLY, second);
      }
      case '/' -> {
        return plain(BinaryOperator.DIVIDE, second);
      }
      case '%' -> {
        return plain(BinaryOperator.REMAINDER, second);
      }
      case '^' -> {
        return plain(BinaryOperator.XOR, second);
      }
      case '&' -> {
        return second == '&'
            ? skip(1, Token.of(BinaryOperator.LOGICAL_AND))
            : plain(BinaryOperator.AND, second);
      }
      case '|' -> {
        return second == '|'
            ? skip(1, Token.of(BinaryOperator.LOGICAL_OR))
            : plain(BinaryOperator.OR, second);
      }
      case '<' -> {
        return angle(
            second,
            third,
            BinaryOperator.LESS,
            BinaryOperator.LESS_OR_EQUAL,
            BinaryOperator.SHIFT_LEFT,
            '<');
      }
      case '>' -> {
        return angle(
            second,
            third,
            BinaryOperator.GREATER,
            BinaryOperator.GREATER_OR_EQUAL,
            BinaryOperator.SHIFT_RIGHT,
            '>');
      }
      case '=' -> {
        return second == '=' ? skip(1, Token.of(BinaryOperator.EQUAL)) : '=';
      }
      case '!' -> {
        return second == '=' ? skip(1, Token.of(BinaryOperator.NOT_EQUAL)) : '!';
      }
      default ->
          throw new NotUnderstood(
              i, "expected an expression but found " + Problems.quoted(text, i, i + 1));
    }
  }

  private int plain(BinaryOperator operator, int second) {
    return second == '=' ? skip(1, Token.assignmentOf(operator)) : Token.of(operator);
  }

  private int angle(
      int second,
      int third,
      BinaryOperator alone,
      BinaryOperator orEqual,
      BinaryOperator shift,
      char angle) {
    if (second == '=') {
      return skip(1, Token.of(orEqual));
    }
    if (second != angle) {
      return Token.of(alone);
    }
    return third == '=' ? skip(2, Token.assignmentOf(shift)) : skip(1, Token.of(shift));
  }

  private int skip(int bytes, int kind) {
    at += bytes;
    return kind;
  }

  /// The kernel's `__UNIQUE_ID` numbers differ from build to build. Here they count from 1 in each
  /// print format, so that equal expressions are equal.
  private String uniqueName(String name) {
    int stem = name.length();
    while (stem > UNIQUE.length() && Character.isDigit(name.charAt(stem - 1))) {
      stem--;
    }
    while (stem > UNIQUE.length() && name.charAt(stem - 1) == '_') {
      stem--;
    }
    if (uniqueNames == null) {
      uniqueNames = new HashMap<>();
    }
    String shortened = name.substring(0, stem);
    int number = uniqueNames.size() + 1;
    return uniqueNames.computeIfAbsent(name, _ -> shortened + "_" + number);
  }
}
