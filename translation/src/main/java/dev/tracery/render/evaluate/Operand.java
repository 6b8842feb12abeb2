package dev.tracery.render.evaluate;

import org.jspecify.annotations.Nullable;

/// A compiled part of an expression.
///
/// @param type its C type
/// @param node its value; of arrays and structs the address
/// @param constant whether the value is the same for all records
/// @param address where it lies in memory, for `&` and assignments; null if it is no object, or
///   nobody knows
record Operand(CType type, Node node, boolean constant, @Nullable Node address) {

  Operand(CType type, Node node) {
    this(type, node, false, null);
  }

  static Operand constant(CType type, long value) {
    return new Operand(type, new ConstantNode(value), true, null);
  }

  /// What cannot be evaluated.
  static Operand unknown(String reason) {
    return new Operand(new CType.Unknown(reason), new UnknownNode(reason));
  }

  /// Why it is not known; null if it is.
  @Nullable String reason() {
    return type instanceof CType.Unknown(String reason) ? reason : null;
  }

  /// The value of a constant.
  long value() {
    return ((ConstantNode) node).value();
  }

  boolean isNull() {
    return constant && value() == 0 && type.equals(CType.ADDRESS);
  }

  /// What can never be evaluated.
  record UnknownNode(String reason) implements Node {
    @Override
    public long eval(Frame frame) {
      throw new NotEvaluable(reason);
    }
  }

  /// A constant.
  record ConstantNode(long value) implements Node {
    @Override
    public long eval(Frame frame) {
      return value;
    }
  }
}
