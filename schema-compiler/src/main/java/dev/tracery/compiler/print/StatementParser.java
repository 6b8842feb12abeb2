package dev.tracery.compiler.print;

import dev.tracery.compiler.print.Statement.Block;
import dev.tracery.compiler.print.Statement.Declaration;
import dev.tracery.compiler.print.Statement.Evaluation;
import dev.tracery.compiler.print.Statement.If;
import dev.tracery.compiler.print.Statement.Jump;
import dev.tracery.compiler.print.Statement.Label;
import dev.tracery.compiler.print.Statement.Loop;
import dev.tracery.compiler.print.Statement.Switch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the statements of statement expressions.
final class StatementParser {

  private final Lexer lexer;
  private final TypeNameParser types;
  private final ExpressionParser expressions;
  private int tallest;

  StatementParser(Lexer lexer, TypeNameParser types, ExpressionParser expressions) {
    this.lexer = lexer;
    this.types = types;
    this.expressions = expressions;
  }

  /// Reads statements and the closing brace after them.
  List<Statement> untilClosed() {
    int before = tallest;
    tallest = 0;
    expressions.enter();
    List<Statement> statements = new ArrayList<>();
    while (lexer.token() != '}') {
      statement(statements);
    }
    lexer.next();
    expressions.leave();
    expressions.setHeight(tallest + 1);
    tallest = Math.max(before, tallest + 1);
    return statements;
  }

  private void statement(List<Statement> to) {
    if (lexer.token() == ';') {
      lexer.next();
      return;
    }
    if (lexer.token() == '{') {
      lexer.next();
      to.add(new Block(untilClosed()));
      return;
    }
    if (lexer.token() != Token.WORD) {
      evaluation(to);
      return;
    }
    switch (lexer.word()) {
      case "switch" -> {
        Expression value = condition();
        to.add(new Switch(value, body()));
      }
      case "if" -> {
        Expression condition = condition();
        Statement whenTrue = body();
        Optional<Statement> whenFalse = Optional.empty();
        if (lexer.isWord("else")) {
          lexer.next();
          whenFalse = Optional.of(body());
        }
        to.add(new If(condition, whenTrue, whenFalse));
      }
      case "while" -> {
        Expression condition = condition();
        to.add(new Loop(Optional.empty(), Optional.of(condition), Optional.empty(), body()));
      }
      case "for" -> to.add(forLoop());
      case "case" -> {
        lexer.next();
        Expression value = measured(expressions.conditional());
        expressions.expect(':');
        to.add(new Label(Optional.of(value)));
      }
      case "default" -> {
        lexer.next();
        expressions.expect(':');
        to.add(new Label(Optional.empty()));
      }
      case "break", "continue", "return" -> {
        String keyword = lexer.word();
        Optional<Expression> value =
            lexer.next() == ';' ? Optional.empty() : Optional.of(expression());
        expressions.expect(';');
        to.add(new Jump(keyword, value));
      }
      case "goto", "do", "asm", "__asm__" ->
          throw new NotUnderstood(lexer.start(), "expected a statement but found " + lexer.found());
      default -> {
        if (isDeclaration()) {
          declaration(to);
        } else {
          evaluation(to);
        }
      }
    }
  }

  /// Whether a type begins here: a known one, or two words, or a word, stars and a word.
  private boolean isDeclaration() {
    if (types.isType()) {
      return true;
    }
    int start = lexer.start();
    int next = lexer.next();
    while (next == '*') {
      next = lexer.next();
    }
    lexer.reset(start);
    return next == Token.WORD;
  }

  private void declaration(List<Statement> to) {
    String base = types.base();
    if (lexer.token() == ';') {
      lexer.next();
      return;
    }
    do {
      String declarator = "";
      while (lexer.token() == '*' || lexer.isWord("const")) {
        declarator = lexer.token() == '*' ? types.append(declarator, "*") : declarator;
        lexer.next();
      }
      if (lexer.token() != Token.WORD) {
        throw new NotUnderstood(
            lexer.start(), "expected a variable's name but found " + lexer.found());
      }
      String name = lexer.word();
      lexer.next();
      while (lexer.token() == '[') {
        declarator = types.append(declarator, types.group().replace(" ", ""));
      }
      Optional<Expression> value = Optional.empty();
      if (lexer.token() == '=') {
        lexer.next();
        value = Optional.of(measured(expressions.initialValue()));
      }
      to.add(new Declaration(new TypeName(base, declarator), name, value));
    } while (accept(','));
    expressions.expect(';');
  }

  private void evaluation(List<Statement> to) {
    Expression expression = expression();
    expressions.expect(';');
    to.add(new Evaluation(expression));
  }

  private Statement forLoop() {
    lexer.next();
    expressions.expect('(');
    List<Statement> first = new ArrayList<>(1);
    expressions.enter();
    statement(first);
    expressions.leave();
    if (first.size() > 1) {
      throw new NotUnderstood(lexer.start(), "expected one variable in the loop's head");
    }
    Optional<Expression> condition = optional(';');
    expressions.expect(';');
    Optional<Expression> step = optional(')');
    expressions.expect(')');
    return new Loop(first.stream().findFirst(), condition, step, body());
  }

  private Optional<Expression> optional(char end) {
    return lexer.token() == end ? Optional.empty() : Optional.of(expression());
  }

  /// The expression in brackets after a keyword.
  private Expression condition() {
    lexer.next();
    expressions.expect('(');
    Expression condition = expression();
    expressions.expect(')');
    return condition;
  }

  /// One statement; a block where it is none.
  private Statement body() {
    List<Statement> body = new ArrayList<>(1);
    expressions.enter();
    statement(body);
    expressions.leave();
    tallest++;
    return body.size() == 1 ? body.getFirst() : new Block(body);
  }

  private Expression expression() {
    return measured(expressions.expression());
  }

  private Expression measured(Expression expression) {
    tallest = Math.max(tallest, expressions.height());
    return expression;
  }

  private boolean accept(char token) {
    if (lexer.token() != token) {
      return false;
    }
    lexer.next();
    return true;
  }
}
