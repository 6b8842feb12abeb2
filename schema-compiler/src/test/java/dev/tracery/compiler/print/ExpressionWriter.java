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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Writes trees with a bracket around every operator, for tests.
final class ExpressionWriter {

  private ExpressionWriter() {}

  static String written(Expression expression) {
    return switch (expression) {
      case IntegerLiteral(long value, IntegerType type) ->
          value + (type == IntegerType.INT ? "" : type.toString());
      case StringLiteral(String value) ->
          "\"" + value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t") + "\"";
      case Identifier(String name) -> name;
      case FieldReference(String name) -> name;
      case Member(Expression object, boolean indirect, String name) ->
          written(object) + (indirect ? "->" : ".") + name;
      case Index(Expression array, Expression index) -> written(array) + "[" + written(index) + "]";
      case Cast(TypeName type, Expression operand) -> "((" + type + ")" + written(operand) + ")";
      case SizeOfType(TypeName type) -> "sizeof(" + type + ")";
      case SizeOf(Expression operand) -> "sizeof(" + written(operand) + ")";
      case TypeOperand(TypeName type) -> type.toString();
      case Unary unary -> unary(unary);
      case Binary(BinaryOperator operator, Expression left, Expression right) ->
          "(" + written(left) + " " + operator.symbol() + " " + written(right) + ")";
      case Conditional(Expression condition, Optional<Expression> yes, Expression no) ->
          "("
              + written(condition)
              + yes.map(value -> " ? " + written(value) + " : ").orElse(" ?: ")
              + written(no)
              + ")";
      case Assignment(Optional<BinaryOperator> operator, Expression target, Expression value) ->
          "("
              + written(target)
              + " "
              + operator.map(BinaryOperator::symbol).orElse("")
              + "= "
              + written(value)
              + ")";
      case Call(Expression function, List<Expression> arguments) ->
          written(function) + "(" + joined(arguments) + ")";
      case HelperCall(Helper helper, List<Expression> arguments, var names) -> {
        List<String> all = new ArrayList<>();
        arguments.forEach(argument -> all.add(written(argument)));
        names.forEach(
            name -> all.add("{" + written(name.value()) + ", " + written(name.name()) + "}"));
        yield helper.functionName() + "(" + String.join(", ", all) + ")";
      }
      case InitializerList list -> "{" + elements(list) + "}";
      case CompoundLiteral(TypeName type, InitializerList value) ->
          "(" + type + ")" + written(value);
      case StatementExpression(List<Statement> statements) -> "({" + statements(statements) + "})";
    };
  }

  private static String unary(Unary unary) {
    String symbol = unary.operator().symbol();
    String operand = written(unary.operand());
    return switch (unary.operator()) {
      case POST_INCREMENT, POST_DECREMENT -> "(" + operand + symbol + ")";
      default -> "(" + symbol + operand + ")";
    };
  }

  private static String written(Statement statement) {
    return switch (statement) {
      case Statement.Declaration(TypeName type, String name, Optional<Expression> value) ->
          type + " " + name + value.map(v -> " = " + written(v)).orElse("") + ";";
      case Statement.Evaluation(Expression expression) -> written(expression) + ";";
      case Statement.Block(List<Statement> statements) -> "{" + statements(statements) + "}";
      case Statement.If(Expression condition, Statement yes, Optional<Statement> no) ->
          "if "
              + written(condition)
              + " "
              + written(yes)
              + no.map(body -> " else " + written(body)).orElse("");
      case Statement.Switch(Expression value, Statement body) ->
          "switch " + written(value) + " " + written(body);
      case Statement.Label(Optional<Expression> value) ->
          value.map(v -> "case " + written(v) + ":").orElse("default:");
      case Statement.Loop(
              Optional<Statement> first,
              Optional<Expression> condition,
              Optional<Expression> step,
              Statement body) ->
          "for ("
              + first.map(ExpressionWriter::written).orElse(";")
              + condition.map(c -> " " + written(c)).orElse("")
              + "; "
              + step.map(ExpressionWriter::written).orElse("")
              + ") "
              + written(body);
      case Statement.Jump(String keyword, Optional<Expression> value) ->
          keyword + value.map(v -> " " + written(v)).orElse("") + ";";
    };
  }

  private static String statements(List<Statement> statements) {
    return statements.stream().map(ExpressionWriter::written).collect(Collectors.joining(" "));
  }

  private static String joined(List<Expression> expressions) {
    return expressions.stream().map(ExpressionWriter::written).collect(Collectors.joining(", "));
  }

  private static String elements(InitializerList list) {
    return list.elements().stream()
        .map(element ->
            (element.designator().isEmpty() ? "" : element.designator() + " = ")
                + written(element.value()))
        .collect(Collectors.joining(", "));
  }
}
