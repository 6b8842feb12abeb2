package dev.tracery.registry.diff;

import dev.tracery.compiler.print.BinaryOperator;
import dev.tracery.compiler.print.Constant;
import dev.tracery.compiler.print.ConstantFolder;
import dev.tracery.compiler.print.Expression;
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
import dev.tracery.compiler.print.Expression.Initializer;
import dev.tracery.compiler.print.Expression.InitializerList;
import dev.tracery.compiler.print.Expression.IntegerLiteral;
import dev.tracery.compiler.print.Expression.Member;
import dev.tracery.compiler.print.Expression.NamedValue;
import dev.tracery.compiler.print.Expression.SizeOf;
import dev.tracery.compiler.print.Expression.SizeOfType;
import dev.tracery.compiler.print.Expression.StatementExpression;
import dev.tracery.compiler.print.Expression.StringLiteral;
import dev.tracery.compiler.print.Expression.TypeOperand;
import dev.tracery.compiler.print.Expression.Unary;
import dev.tracery.compiler.print.Helper;
import dev.tracery.compiler.print.Statement;
import dev.tracery.compiler.print.TypeName;
import dev.tracery.compiler.print.UnaryOperator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Writes expressions in C, with the parentheses that are needed and no others. Two expressions
/// that are written the same print the same: constants are written as their values.
final class ExpressionText {

  // How strongly things bind, above the binary operators' 0 to 10.
  private static final int ANY = -3;
  private static final int ASSIGNED = -2;
  private static final int CONDITION = -1;
  private static final int PREFIX = 11;
  private static final int POSTFIX = 12;

  /// Constants from here on are written in hexadecimal: they are masks.
  private static final long HEXADECIMAL = 1_024;

  private final ConstantFolder folder;
  private final Predicate<HelperCall> isWithoutNames;
  private final boolean withoutStorage;
  private final StringBuilder out = new StringBuilder();

  /// @param isWithoutNames the helper calls of whose names those are not written whose values are
  ///   known, but `…`
  /// @param withoutStorage whether a string is written the same wherever it lies in the record:
  ///   `__get_str(name)` as `REC->name`
  ExpressionText(
      ConstantFolder folder, Predicate<HelperCall> isWithoutNames, boolean withoutStorage) {
    this.folder = folder;
    this.isWithoutNames = isWithoutNames;
    this.withoutStorage = withoutStorage;
  }

  String written(Expression expression) {
    out.setLength(0);
    write(expression, ASSIGNED);
    return out.toString();
  }

  /// @param least how strongly the expression must bind to need no parentheses
  private void write(Expression expression, int least) {
    Constant constant = isFoldable(expression) ? folder.fold(expression) : null;
    if (constant != null) {
      number(constant, least);
      return;
    }
    switch (expression) {
      case IntegerLiteral(long value, var type) -> number(new Constant(value, type), least);
      case StringLiteral(String value) -> out.append('"').append(Escapes.of(value)).append('"');
      case Identifier(String name) -> out.append(name);
      case FieldReference(String name) -> out.append("REC->").append(name);
      case Member(Expression object, boolean indirect, String name) -> {
        write(object, POSTFIX);
        out.append(indirect ? "->" : ".").append(name);
      }
      case Index(Expression array, Expression index) -> {
        write(array, POSTFIX);
        out.append('[');
        write(index, ANY);
        out.append(']');
      }
      case Cast(TypeName type, Expression operand) ->
          inParentheses(
              least > PREFIX,
              () -> {
                out.append('(').append(type).append(')');
                write(operand, PREFIX);
              });
      case SizeOfType(TypeName type) -> out.append("sizeof(").append(type).append(')');
      case SizeOf(Expression operand) -> {
        out.append("sizeof(");
        write(operand, ANY);
        out.append(')');
      }
      case TypeOperand(TypeName type) -> out.append(type);
      case Unary unary -> unary(unary, least);
      case Binary binary -> binary(binary, least);
      case Conditional conditional ->
          inParentheses(least > CONDITION, () -> conditional(conditional));
      case Assignment(Optional<BinaryOperator> operator, Expression target, Expression value) ->
          inParentheses(
              least > ASSIGNED,
              () -> {
                write(target, PREFIX);
                out.append(' ');
                operator.ifPresent(o -> out.append(o.symbol()));
                out.append("= ");
                write(value, ASSIGNED);
              });
      case Call(Expression function, List<Expression> arguments) -> {
        write(function, POSTFIX);
        out.append('(');
        list(arguments);
        out.append(')');
      }
      case HelperCall call -> helper(call);
      case InitializerList list -> initializers(list);
      case CompoundLiteral(TypeName type, InitializerList value) -> {
        out.append('(').append(type).append(')');
        initializers(value);
      }
      case StatementExpression(List<Statement> statements) -> {
        out.append("({ ");
        statements.forEach(this::statement);
        out.append("})");
      }
    }
  }

  private static boolean isFoldable(Expression expression) {
    return switch (expression) {
      case Unary _, Binary _, Cast _, Conditional _, SizeOfType _ -> true;
      default -> false;
    };
  }

  private void number(Constant constant, int least) {
    long value = constant.value();
    boolean negative = value < 0 && constant.type().isSigned();
    inParentheses(
        negative && least > PREFIX,
        () -> {
          if (value >= 0 && value < HEXADECIMAL || negative && value > -HEXADECIMAL) {
            out.append(value);
          } else if (negative) {
            out.append("-0x").append(Long.toHexString(-value));
          } else {
            out.append("0x").append(Long.toHexString(value));
          }
        });
  }

  private void unary(Unary unary, int least) {
    UnaryOperator operator = unary.operator();
    switch (operator) {
      case POST_INCREMENT, POST_DECREMENT -> {
        write(unary.operand(), POSTFIX);
        out.append(operator.symbol());
      }
      default ->
          inParentheses(
              least > PREFIX,
              () -> {
                out.append(operator.symbol());
                // Why not PREFIX: - -x is not --x.
                write(unary.operand(), unary.operand() instanceof Unary ? POSTFIX : PREFIX);
              });
    }
  }

  private void binary(Binary binary, int least) {
    int precedence = binary.operator().precedence();
    boolean comma = binary.operator() == BinaryOperator.COMMA;
    inParentheses(
        comma ? least > ANY : least > precedence,
        () -> {
          write(binary.left(), comma ? ANY : precedence);
          out.append(comma ? "" : " ").append(binary.operator().symbol()).append(' ');
          write(binary.right(), comma ? ASSIGNED : precedence + 1);
        });
  }

  private void conditional(Conditional conditional) {
    write(conditional.condition(), 1);
    if (conditional.whenTrue().isPresent()) {
      out.append(" ? ");
      write(conditional.whenTrue().get(), ANY);
      out.append(" : ");
    } else {
      out.append(" ?: ");
    }
    write(conditional.whenFalse(), CONDITION);
  }

  private void helper(HelperCall call) {
    if (withoutStorage && isString(call.helper())) {
      write(call.arguments().getFirst(), POSTFIX);
      return;
    }
    out.append(withoutStorage ? fixedBase(call.helper()) : call.helper().functionName());
    out.append('(');
    for (int i = 0; i < call.arguments().size(); i++) {
      out.append(i == 0 ? "" : ", ");
      if (call.arguments().get(i) instanceof FieldReference(String name) && takesName(call, i)) {
        out.append(name);
      } else {
        write(call.arguments().get(i), ASSIGNED);
      }
    }
    boolean withoutNames = isWithoutNames.test(call);
    out.append(withoutNames && !call.names().isEmpty() ? ", …" : "");
    for (NamedValue name : call.names()) {
      if (!withoutNames || folder.fold(name.value()) == null) {
        out.append(", { ");
        write(name.value(), ASSIGNED);
        out.append(", ");
        write(name.name(), ASSIGNED);
        out.append(" }");
      }
    }
    out.append(')');
  }

  private static boolean isString(Helper helper) {
    return helper == Helper.GET_STR || helper == Helper.GET_REL_STR;
  }

  private static String fixedBase(Helper helper) {
    return helper.functionName().replace("_rel_", "_");
  }

  /// Whether the helper takes the field itself and not its value: `__get_str(name)`.
  private static boolean takesName(HelperCall call, int argument) {
    return argument == 0
        && (call.helper().functionName().startsWith("__get_")
            || call.helper() == Helper.PRINT_DYNAMIC_ARRAY);
  }

  private void list(List<Expression> expressions) {
    for (int i = 0; i < expressions.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      write(expressions.get(i), ASSIGNED);
    }
  }

  private void initializers(InitializerList list) {
    out.append("{ ");
    for (Initializer element : list.elements()) {
      if (!element.designator().isEmpty()) {
        out.append('.').append(element.designator()).append(" = ");
      }
      write(element.value(), ASSIGNED);
      out.append(", ");
    }
    out.append('}');
  }

  private void statement(Statement statement) {
    switch (statement) {
      case Statement.Declaration(TypeName type, String name, Optional<Expression> value) -> {
        out.append(type).append(' ').append(name);
        value.ifPresent(initial -> {
          out.append(" = ");
          write(initial, ASSIGNED);
        });
        out.append("; ");
      }
      case Statement.Evaluation(Expression expression) -> {
        write(expression, ANY);
        out.append("; ");
      }
      case Statement.Block(List<Statement> statements) -> {
        out.append("{ ");
        statements.forEach(this::statement);
        out.append("} ");
      }
      case Statement.If(Expression condition, Statement yes, Optional<Statement> no) -> {
        head("if", condition);
        statement(yes);
        no.ifPresent(other -> {
          out.append("else ");
          statement(other);
        });
      }
      case Statement.Switch(Expression value, Statement body) -> {
        head("switch", value);
        statement(body);
      }
      case Statement.Label(Optional<Expression> value) -> {
        out.append(value.isPresent() ? "case " : "default");
        value.ifPresent(v -> write(v, CONDITION));
        out.append(": ");
      }
      case Statement.Loop loop -> loop(loop);
      case Statement.Jump(String keyword, Optional<Expression> value) -> {
        out.append(keyword);
        value.ifPresent(v -> {
          out.append(' ');
          write(v, ANY);
        });
        out.append("; ");
      }
    }
  }

  private void loop(Statement.Loop loop) {
    out.append("for (");
    loop.first().ifPresentOrElse(this::statement, () -> out.append("; "));
    loop.condition().ifPresent(condition -> write(condition, ANY));
    out.append("; ");
    loop.step().ifPresent(step -> write(step, ANY));
    out.append(") ");
    statement(loop.body());
  }

  private void head(String keyword, Expression value) {
    out.append(keyword).append(" (");
    write(value, ANY);
    out.append(") ");
  }

  private void inParentheses(boolean needed, Runnable writing) {
    out.append(needed ? "(" : "");
    writing.run();
    out.append(needed ? ")" : "");
  }
}
