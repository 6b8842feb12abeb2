package dev.tracery.render.evaluate;

import dev.tracery.compiler.print.BinaryOperator;
import dev.tracery.compiler.print.IntegerType;
import dev.tracery.model.WordSize;

/// Integers: conversions and operators, with the types, ranks and signs of C11 6.3 and 6.5. Signed
/// overflow wraps, as in kernels (`-fno-strict-overflow`). What C leaves undefined besides cannot
/// be evaluated.
final class Arithmetic {

  private final WordSize wordSize;

  Arithmetic(WordSize wordSize) {
    this.wordSize = wordSize;
  }

  /// A value as another integer type.
  Node convert(Node value, IntegerType from, IntegerType to) {
    if (to == IntegerType.BOOL) {
      return from == IntegerType.BOOL ? value : frame -> value.eval(frame) != 0 ? 1 : 0;
    }
    int fromSize = from.size(wordSize);
    int toSize = to.size(wordSize);
    boolean fits =
        from.isSigned() == to.isSigned()
            ? fromSize <= toSize
            : !from.isSigned() && fromSize < toSize;
    return fits || toSize == 8 ? value : wrapped(value, to);
  }

  /// A value cut to its type.
  private Node wrapped(Node value, IntegerType type) {
    return switch (type.size(wordSize)) {
      case 1 ->
          type.isSigned() ? frame -> (byte) value.eval(frame) : frame -> value.eval(frame) & 0xff;
      case 2 ->
          type.isSigned()
              ? frame -> (short) value.eval(frame)
              : frame -> value.eval(frame) & 0xffff;
      case 4 ->
          type.isSigned()
              ? frame -> (int) value.eval(frame)
              : frame -> value.eval(frame) & 0xffffffffL;
      default -> value;
    };
  }

  Operand unaryMinus(Operand operand, IntegerType type) {
    Node a = promoted(operand, type);
    return result(type.promoted(), frame -> -a.eval(frame), operand.constant());
  }

  Operand complement(Operand operand, IntegerType type) {
    Node a = promoted(operand, type);
    return result(type.promoted(), frame -> ~a.eval(frame), operand.constant());
  }

  Operand plus(Operand operand, IntegerType type) {
    return folded(new CType.Int(type.promoted()), promoted(operand, type), operand.constant());
  }

  private Node promoted(Operand operand, IntegerType type) {
    return convert(operand.node(), type, type.promoted());
  }

  /// An operator with two integers; not one of `&&`, `||` and the comma.
  Operand binary(
      BinaryOperator operator, Operand left, IntegerType x, Operand right, IntegerType y) {
    boolean constant = left.constant() && right.constant();
    if (operator == BinaryOperator.SHIFT_LEFT || operator == BinaryOperator.SHIFT_RIGHT) {
      IntegerType type = x.promoted();
      return result(
          type, shift(operator, convert(left.node(), x, type), right.node(), type), constant);
    }
    IntegerType type = IntegerType.common(x, y, wordSize);
    Node a = convert(left.node(), x, type);
    Node b = convert(right.node(), y, type);
    if (right.constant() && operator == BinaryOperator.AND) {
      // Why: masks are the commonest operator with a constant.
      long mask = right.value();
      if (mask >= 0) {
        return folded(new CType.Int(type), frame -> a.eval(frame) & mask, constant);
      }
    }
    boolean signed = type.isSigned();
    return switch (operator) {
      case EQUAL -> truth(frame -> a.eval(frame) == b.eval(frame) ? 1 : 0, constant);
      case NOT_EQUAL -> truth(frame -> a.eval(frame) != b.eval(frame) ? 1 : 0, constant);
      case LESS -> truth(less(a, b, signed), constant);
      case GREATER -> truth(less(b, a, signed), constant);
      case LESS_OR_EQUAL -> truth(not(less(b, a, signed)), constant);
      case GREATER_OR_EQUAL -> truth(not(less(a, b, signed)), constant);
      case OR -> result(type, frame -> a.eval(frame) | b.eval(frame), constant);
      case XOR -> result(type, frame -> a.eval(frame) ^ b.eval(frame), constant);
      case AND -> result(type, frame -> a.eval(frame) & b.eval(frame), constant);
      case ADD -> result(type, frame -> a.eval(frame) + b.eval(frame), constant);
      case SUBTRACT -> result(type, frame -> a.eval(frame) - b.eval(frame), constant);
      case MULTIPLY -> result(type, frame -> a.eval(frame) * b.eval(frame), constant);
      case DIVIDE -> result(type, divide(a, b, type), constant);
      case REMAINDER -> result(type, remainder(a, b, type), constant);
      case COMMA, LOGICAL_AND, LOGICAL_OR, SHIFT_LEFT, SHIFT_RIGHT ->
          throw new IllegalArgumentException(operator.symbol());
    };
  }

  private static Node less(Node a, Node b, boolean signed) {
    return signed
        ? frame -> a.eval(frame) < b.eval(frame) ? 1 : 0
        : frame -> Long.compareUnsigned(a.eval(frame), b.eval(frame)) < 0 ? 1 : 0;
  }

  private static Node not(Node truth) {
    return frame -> truth.eval(frame) ^ 1;
  }

  private Node shift(BinaryOperator operator, Node value, Node count, IntegerType type) {
    int bits = 8 * type.size(wordSize);
    boolean signed = type.isSigned();
    if (operator == BinaryOperator.SHIFT_LEFT) {
      return frame -> value.eval(frame) << checked(count.eval(frame), bits);
    }
    return signed
        ? frame -> value.eval(frame) >> checked(count.eval(frame), bits)
        : frame -> value.eval(frame) >>> checked(count.eval(frame), bits);
  }

  private static int checked(long count, int bits) {
    if (count < 0 || count >= bits) {
      throw new NotEvaluable("a shift by more bits than there are");
    }
    return (int) count;
  }

  private Node divide(Node a, Node b, IntegerType type) {
    if (!type.isSigned()) {
      return frame -> Long.divideUnsigned(a.eval(frame), divisor(b.eval(frame)));
    }
    long least = least(type);
    return frame -> {
      long x = a.eval(frame);
      long y = divisor(b.eval(frame));
      return overflows(x, y, least) / y;
    };
  }

  private Node remainder(Node a, Node b, IntegerType type) {
    if (!type.isSigned()) {
      return frame -> Long.remainderUnsigned(a.eval(frame), divisor(b.eval(frame)));
    }
    long least = least(type);
    return frame -> {
      long x = a.eval(frame);
      long y = divisor(b.eval(frame));
      return overflows(x, y, least) % y;
    };
  }

  private long least(IntegerType type) {
    return Long.MIN_VALUE >> (64 - 8 * type.size(wordSize));
  }

  private static long divisor(long y) {
    if (y == 0) {
      throw new NotEvaluable("a division by zero");
    }
    return y;
  }

  private static long overflows(long x, long y, long least) {
    if (y == -1 && x == least) {
      throw new NotEvaluable("a division that overflows");
    }
    return x;
  }

  /// A value of type `int` that is 0 or 1.
  static Operand truth(Node node, boolean constant) {
    return folded(CType.INT, node, constant);
  }

  private Operand result(IntegerType type, Node node, boolean constant) {
    return folded(new CType.Int(type), wrapped(node, type), constant);
  }

  /// Evaluates at once what is constant.
  static Operand folded(CType type, Node node, boolean constant) {
    if (!constant) {
      return new Operand(type, node);
    }
    try {
      return Operand.constant(type, node.eval(NO_FRAME));
    } catch (NotEvaluable e) {
      return new Operand(type, node);
    }
  }

  /// For constants, which need none.
  private static final Frame NO_FRAME =
      new Frame(dev.tracery.render.KernelTables.NONE, dev.tracery.model.ByteOrder.LITTLE_ENDIAN);
}
