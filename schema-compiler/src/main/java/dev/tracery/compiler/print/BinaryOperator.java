package dev.tracery.compiler.print;

/// C's operators with two operands that do not assign. All of them associate to the left.
public enum BinaryOperator {
  /// `a, b`
  COMMA(",", 0),
  /// `a || b`
  LOGICAL_OR("||", 1),
  /// `a && b`
  LOGICAL_AND("&&", 2),
  /// `a | b`
  OR("|", 3),
  /// `a ^ b`
  XOR("^", 4),
  /// `a & b`
  AND("&", 5),
  /// `a == b`
  EQUAL("==", 6),
  /// `a != b`
  NOT_EQUAL("!=", 6),
  /// `a < b`
  LESS("<", 7),
  /// `a > b`
  GREATER(">", 7),
  /// `a <= b`
  LESS_OR_EQUAL("<=", 7),
  /// `a >= b`
  GREATER_OR_EQUAL(">=", 7),
  /// `a << b`
  SHIFT_LEFT("<<", 8),
  /// `a >> b`
  SHIFT_RIGHT(">>", 8),
  /// `a + b`
  ADD("+", 9),
  /// `a - b`
  SUBTRACT("-", 9),
  /// `a * b`
  MULTIPLY("*", 10),
  /// `a / b`
  DIVIDE("/", 10),
  /// `a % b`
  REMAINDER("%", 10);

  private final String symbol;
  private final int precedence;

  BinaryOperator(String symbol, int precedence) {
    this.symbol = symbol;
    this.precedence = precedence;
  }

  /// How C spells it.
  public String symbol() {
    return symbol;
  }

  /// How strongly it binds: 0 for the comma to 10.
  public int precedence() {
    return precedence;
  }
}
