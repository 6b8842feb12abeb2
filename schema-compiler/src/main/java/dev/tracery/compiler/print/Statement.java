package dev.tracery.compiler.print;

import java.util.List;
import java.util.Optional;

/// A C statement of a print format, in a [Expression.StatementExpression].
public sealed interface Statement {

  /// A variable.
  ///
  /// @param type with the declarator of this variable: its stars and brackets
  record Declaration(TypeName type, String name, Optional<Expression> value) implements Statement {}

  /// An expression and a semicolon.
  record Evaluation(Expression expression) implements Statement {}

  /// `{ … }`.
  record Block(List<Statement> statements) implements Statement {
    public Block {
      statements = List.copyOf(statements);
    }
  }

  /// `if`.
  record If(Expression condition, Statement whenTrue, Optional<Statement> whenFalse)
      implements Statement {}

  /// `switch`.
  record Switch(Expression value, Statement body) implements Statement {}

  /// `case value:`, or `default:` where there is no value.
  record Label(Optional<Expression> value) implements Statement {}

  /// `for`; `while` is a `for` with a condition alone.
  record Loop(
      Optional<Statement> first,
      Optional<Expression> condition,
      Optional<Expression> step,
      Statement body)
      implements Statement {}

  /// `break`, `continue`, `return`.
  record Jump(String keyword, Optional<Expression> value) implements Statement {}
}
