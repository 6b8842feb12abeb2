package dev.tracery.compiler.print;

import dev.tracery.compiler.print.Expression.Assignment;
import dev.tracery.compiler.print.Expression.Binary;
import dev.tracery.compiler.print.Expression.Call;
import dev.tracery.compiler.print.Expression.Cast;
import dev.tracery.compiler.print.Expression.CompoundLiteral;
import dev.tracery.compiler.print.Expression.Conditional;
import dev.tracery.compiler.print.Expression.FieldReference;
import dev.tracery.compiler.print.Expression.HelperCall;
import dev.tracery.compiler.print.Expression.Identifier;
import dev.tracery.compiler.print.Expression.Index;
import dev.tracery.compiler.print.Expression.InitializerList;
import dev.tracery.compiler.print.Expression.IntegerLiteral;
import dev.tracery.compiler.print.Expression.Member;
import dev.tracery.compiler.print.Expression.SizeOf;
import dev.tracery.compiler.print.Expression.SizeOfType;
import dev.tracery.compiler.print.Expression.StatementExpression;
import dev.tracery.compiler.print.Expression.StringLiteral;
import dev.tracery.compiler.print.Expression.TypeOperand;
import dev.tracery.compiler.print.Expression.Unary;
import dev.tracery.model.WordSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Computes constant expressions as the kernel's compiler does: with C's types, conversions and
/// signs. What C leaves undefined is no constant (a division by zero, a shift by more than the
/// width), except that signed integers wrap, as they do in kernels (`-fno-strict-overflow`).
///
/// Thread-safe.
public final class ConstantFolder {

  private final WordSize wordSize;

  /// For kernels of this word size.
  public ConstantFolder(WordSize wordSize) {
    this.wordSize = wordSize;
  }

  /// The value of an expression.
  ///
  /// @return null if it is no constant, or depends on what a format does not say: the size of a
  ///   struct, an enumerator
  public @Nullable Constant fold(Expression expression) {
    return switch (expression) {
      case IntegerLiteral(long value, IntegerType type) -> new Constant(value, type);
      case Unary(UnaryOperator operator, Expression operand) -> unary(operator, operand);
      case Binary(BinaryOperator operator, Expression left, Expression right) ->
          binary(operator, left, right);
      case Conditional conditional -> conditional(conditional);
      case Cast(TypeName type, Expression operand) -> cast(type, operand);
      case SizeOfType(TypeName type) -> size(type.size(wordSize));
      case SizeOf(Expression operand) -> sizeOf(operand);
      case Call(Identifier(String function), List<Expression> arguments) ->
          call(function, arguments);
      case Identifier(String name) ->
          switch (name) {
            case "true" -> constant(1, IntegerType.INT);
            case "false" -> constant(0, IntegerType.INT);
            case "NULL" -> constant(0, IntegerType.UNSIGNED_LONG);
            default -> null;
          };
      case StringLiteral _,
          FieldReference _,
          Member _,
          Index _,
          TypeOperand _,
          Assignment _,
          Call _,
          HelperCall _,
          InitializerList _,
          CompoundLiteral _,
          StatementExpression _ ->
          null;
    };
  }

  private @Nullable Constant unary(UnaryOperator operator, Expression operand) {
    Constant value = fold(operand);
    if (value == null) {
      return null;
    }
    IntegerType type = value.type().promoted();
    return switch (operator) {
      case PLUS -> constant(value.value(), type);
      case MINUS -> constant(-value.value(), type);
      case COMPLEMENT -> constant(~value.value(), type);
      case NOT -> truth(value.value() == 0);
      case DEREFERENCE, ADDRESS_OF, PRE_INCREMENT, PRE_DECREMENT, POST_INCREMENT, POST_DECREMENT ->
          null;
    };
  }

  private @Nullable Constant binary(BinaryOperator operator, Expression left, Expression right) {
    Constant a = fold(left);
    if (a == null) {
      return null;
    }
    if (operator == BinaryOperator.LOGICAL_AND && a.value() == 0
        || operator == BinaryOperator.LOGICAL_OR && a.value() != 0) {
      return truth(a.value() != 0);
    }
    Constant b = fold(right);
    if (b == null) {
      return null;
    }
    IntegerType type = IntegerType.common(a.type(), b.type(), wordSize);
    long x = type.convert(a.value(), wordSize);
    long y = type.convert(b.value(), wordSize);
    // Why: narrower unsigned values are positive as longs; only 64 bits compare otherwise.
    int order = type.isSigned() ? Long.compare(x, y) : Long.compareUnsigned(x, y);
    return switch (operator) {
      case COMMA -> b;
      case LOGICAL_OR, LOGICAL_AND -> truth(b.value() != 0);
      case OR -> constant(x | y, type);
      case XOR -> constant(x ^ y, type);
      case AND -> constant(x & y, type);
      case EQUAL -> truth(x == y);
      case NOT_EQUAL -> truth(x != y);
      case LESS -> truth(order < 0);
      case GREATER -> truth(order > 0);
      case LESS_OR_EQUAL -> truth(order <= 0);
      case GREATER_OR_EQUAL -> truth(order >= 0);
      case SHIFT_LEFT, SHIFT_RIGHT -> shift(operator, a, b.value());
      case ADD -> constant(x + y, type);
      case SUBTRACT -> constant(x - y, type);
      case MULTIPLY -> constant(x * y, type);
      case DIVIDE ->
          y == 0 ? null : constant(type.isSigned() ? x / y : Long.divideUnsigned(x, y), type);
      case REMAINDER ->
          y == 0 ? null : constant(type.isSigned() ? x % y : Long.remainderUnsigned(x, y), type);
    };
  }

  private @Nullable Constant shift(BinaryOperator operator, Constant value, long count) {
    IntegerType type = value.type().promoted();
    if (count < 0 || count >= 8L * type.size(wordSize)) {
      return null;
    }
    long x = type.convert(value.value(), wordSize);
    if (operator == BinaryOperator.SHIFT_LEFT) {
      return constant(x << count, type);
    }
    return constant(type.isSigned() ? x >> count : x >>> count, type);
  }

  private @Nullable Constant conditional(Conditional conditional) {
    Constant condition = fold(conditional.condition());
    if (condition == null) {
      return null;
    }
    Constant whenTrue =
        conditional.whenTrue().isEmpty() ? condition : fold(conditional.whenTrue().get());
    Constant whenFalse = fold(conditional.whenFalse());
    Constant chosen = condition.value() != 0 ? whenTrue : whenFalse;
    if (chosen == null || whenTrue == null || whenFalse == null) {
      return chosen;
    }
    return constant(
        chosen.value(), IntegerType.common(whenTrue.type(), whenFalse.type(), wordSize));
  }

  private @Nullable Constant cast(TypeName type, Expression operand) {
    IntegerType to = type.integerType();
    Constant value = to == null ? null : fold(operand);
    if (to == null || value == null) {
      return null;
    }
    Constant cast = constant(value.value(), to);
    // Why: whether plain char is signed depends on the architecture and the kernel's version.
    boolean unsure = type.base().equals("char") && !type.isPointer() && cast.value() < 0;
    return unsure ? null : cast;
  }

  private @Nullable Constant sizeOf(Expression operand) {
    Constant value = fold(operand);
    return value == null ? null : size(value.type().size(wordSize));
  }

  private @Nullable Constant size(int bytes) {
    return bytes < 0 ? null : constant(bytes, IntegerType.UNSIGNED_LONG);
  }

  private @Nullable Constant call(String function, List<Expression> arguments) {
    if (function.equals("__builtin_choose_expr") && arguments.size() == 3) {
      Constant condition = fold(arguments.get(0));
      return condition == null ? null : fold(arguments.get(condition.value() != 0 ? 1 : 2));
    }
    Constant value = arguments.isEmpty() ? null : fold(arguments.getFirst());
    if (value == null) {
      return null;
    }
    return switch (function) {
      case "__builtin_constant_p" -> constant(1, IntegerType.INT);
      case "__builtin_expect" -> constant(value.value(), IntegerType.LONG);
      case "likely", "unlikely" -> truth(value.value() != 0);
      case "__builtin_bswap16", "__fswab16" ->
          constant(Short.reverseBytes((short) value.value()), IntegerType.UNSIGNED_SHORT);
      case "__builtin_bswap32", "__fswab32" ->
          constant(Integer.reverseBytes((int) value.value()), IntegerType.UNSIGNED_INT);
      case "__builtin_bswap64", "__fswab64" ->
          constant(Long.reverseBytes(value.value()), IntegerType.UNSIGNED_LONG_LONG);
      default -> null;
    };
  }

  private static Constant truth(boolean value) {
    return new Constant(value ? 1 : 0, IntegerType.INT);
  }

  private Constant constant(long value, IntegerType type) {
    return new Constant(type.convert(value, wordSize), type);
  }
}
