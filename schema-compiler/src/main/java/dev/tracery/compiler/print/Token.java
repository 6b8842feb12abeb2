package dev.tracery.compiler.print;

import org.jspecify.annotations.Nullable;

/// The kinds of tokens, as ints: a punctuator of one character is that character, the others are
/// above 127.
final class Token {

  static final int END = 0;
  static final int WORD = 1;
  static final int INTEGER = 2;
  static final int STRING = 3;

  static final int ARROW = 128;
  static final int INCREMENT = 129;
  static final int DECREMENT = 130;
  static final int ELLIPSIS = 131;

  /// A binary operator of two characters is this and its ordinal.
  private static final int OPERATOR = 140;

  /// An operator that assigns is this and the operator's ordinal.
  private static final int ASSIGNMENT = 170;

  private static final BinaryOperator[] OPERATORS = BinaryOperator.values();
  private static final @Nullable BinaryOperator[] BY_TOKEN = byToken();

  private Token() {}

  static int of(BinaryOperator operator) {
    return operator.symbol().length() == 1
        ? operator.symbol().charAt(0)
        : OPERATOR + operator.ordinal();
  }

  static int assignmentOf(BinaryOperator operator) {
    return ASSIGNMENT + operator.ordinal();
  }

  /// The binary operator that a token is; null if it is none.
  static @Nullable BinaryOperator operator(int token) {
    return BY_TOKEN[token];
  }

  /// The operator of a token that assigns; null if it is none.
  static @Nullable BinaryOperator assignmentOperator(int token) {
    return token >= ASSIGNMENT ? OPERATORS[token - ASSIGNMENT] : null;
  }

  private static @Nullable BinaryOperator[] byToken() {
    @Nullable BinaryOperator[] byToken = new @Nullable BinaryOperator[256];
    for (BinaryOperator operator : OPERATORS) {
      byToken[of(operator)] = operator;
    }
    return byToken;
  }
}
