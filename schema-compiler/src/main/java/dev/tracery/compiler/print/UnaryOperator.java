package dev.tracery.compiler.print;

/// C's operators with one operand.
public enum UnaryOperator {
  /// `+x`
  PLUS("+"),
  /// `-x`
  MINUS("-"),
  /// `!x`
  NOT("!"),
  /// `~x`
  COMPLEMENT("~"),
  /// `*x`
  DEREFERENCE("*"),
  /// `&x`
  ADDRESS_OF("&"),
  /// `++x`
  PRE_INCREMENT("++"),
  /// `--x`
  PRE_DECREMENT("--"),
  /// `x++`
  POST_INCREMENT("++"),
  /// `x--`
  POST_DECREMENT("--");

  private final String symbol;

  UnaryOperator(String symbol) {
    this.symbol = symbol;
  }

  /// How C spells it.
  public String symbol() {
    return symbol;
  }
}
