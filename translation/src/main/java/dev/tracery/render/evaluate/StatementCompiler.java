package dev.tracery.render.evaluate;

import dev.tracery.compiler.print.Expression;
import dev.tracery.compiler.print.Statement;
import dev.tracery.compiler.print.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Compiles statement expressions and compound literals.
final class StatementCompiler {

  /// How a statement ended.
  private static final int NORMALLY = 0;

  private static final int BREAK = 1;
  private static final int CONTINUE = 2;

  /// A compiled statement.
  @FunctionalInterface
  private interface Step {
    int run(Frame frame);
  }

  private final ExpressionCompiler expressions;
  private @Nullable String problem;

  StatementCompiler(ExpressionCompiler expressions) {
    this.expressions = expressions;
  }

  /// `({ … })`.
  Operand value(List<Statement> statements) {
    if (statements.isEmpty()) {
      return Operand.unknown("a statement expression without a value");
    }
    expressions.variables().enter();
    try {
      Step before = sequence(statements.subList(0, statements.size() - 1));
      Statement last = statements.getLast();
      if (!(last instanceof Statement.Evaluation(Expression expression))) {
        return Operand.unknown("a statement expression without a value");
      }
      Operand value = expressions.decayed(expressions.compile(expression));
      if (problem != null) {
        return Operand.unknown(problem);
      }
      return new Operand(value.type(), after(before, value.node()));
    } finally {
      expressions.variables().leave();
    }
  }

  private static Node after(Step before, Node value) {
    return new Node() {
      @Override
      public long eval(Frame frame) {
        before.run(frame);
        return value.eval(frame);
      }

      @Override
      public void write(Frame frame, dev.tracery.render.TextBuffer out) {
        before.run(frame);
        value.write(frame, out);
      }
    };
  }

  /// `(type){ … }`, which is an object in memory.
  Operand compoundLiteral(CType type, Expression.InitializerList value) {
    CType sized = counted(type, value);
    Node address = expressions.variables().allocate(sized);
    if (address == null) {
      return Operand.unknown(Pointers.sizeOf(sized));
    }
    Step stores = initialized(sized, address, value);
    if (problem != null) {
      return Operand.unknown(problem);
    }
    Operand object = expressions.pointers().object(sized, address);
    return new Operand(sized, after(stores, object.node()), false, after(stores, address));
  }

  private static CType counted(CType type, Expression.InitializerList value) {
    return type instanceof CType.Array(CType of, int count) && count < 0
        ? new CType.Array(of, value.elements().size())
        : type;
  }

  private Step sequence(List<Statement> statements) {
    List<Step> steps = new ArrayList<>();
    for (Statement statement : statements) {
      steps.add(step(statement));
    }
    Step[] all = steps.toArray(Step[]::new);
    return frame -> run(all, 0, frame);
  }

  private static int run(Step[] steps, int from, Frame frame) {
    for (int i = from; i < steps.length; i++) {
      int end = steps[i].run(frame);
      if (end != NORMALLY) {
        return end;
      }
    }
    return NORMALLY;
  }

  private Step step(Statement statement) {
    return switch (statement) {
      case Statement.Declaration(TypeName type, String name, Optional<Expression> value) ->
          declaration(type, name, value);
      case Statement.Evaluation(Expression expression) -> {
        Node node = expressions.compile(expression).node();
        yield frame -> {
          node.eval(frame);
          return NORMALLY;
        };
      }
      case Statement.Block(List<Statement> statements) -> {
        expressions.variables().enter();
        Step all = sequence(statements);
        expressions.variables().leave();
        yield all;
      }
      case Statement.If(
              Expression condition,
              Statement whenTrue,
              Optional<Statement> whenFalse) -> {
        Node test = condition(condition);
        Step first = step(whenTrue);
        Step second = whenFalse.isEmpty() ? _ -> NORMALLY : step(whenFalse.get());
        yield frame -> (test.eval(frame) != 0 ? first : second).run(frame);
      }
      case Statement.Switch(Expression value, Statement body) -> switched(value, body);
      case Statement.Label _ -> failed("a label outside of a switch");
      case Statement.Loop loop -> loop(loop);
      case Statement.Jump(String keyword, _) ->
          switch (keyword) {
            case "break" -> _ -> BREAK;
            case "continue" -> _ -> CONTINUE;
            default -> failed("a return");
          };
    };
  }

  private Step failed(String reason) {
    problem = reason;
    return _ -> {
      throw new NotEvaluable(reason);
    };
  }

  private Node condition(Expression expression) {
    return expressions.decayed(expressions.compile(expression)).node();
  }

  private Step declaration(TypeName typeName, String name, Optional<Expression> value) {
    if (typeName.base().equals("__auto_type") && value.isPresent()) {
      Operand initial = expressions.decayed(expressions.compile(value.get()));
      return declared(initial.type(), name, initial);
    }
    CType type = expressions.types().named(typeName);
    if (value.orElse(null) instanceof Expression.InitializerList list) {
      CType sized = counted(type, list);
      Node address = allocated(sized, name);
      return address == null ? failed(Pointers.sizeOf(sized)) : initialized(sized, address, list);
    }
    return declared(
        type, name, value.isEmpty() ? null : expressions.decayed(expressions.compile(value.get())));
  }

  private Step declared(CType type, String name, @Nullable Operand initial) {
    Node address = allocated(type, name);
    if (address == null) {
      return failed(Pointers.sizeOf(type));
    }
    return initial == null ? _ -> NORMALLY : store(type, address, initial);
  }

  private @Nullable Node allocated(CType type, String name) {
    Node address = expressions.variables().allocate(type);
    if (address != null) {
      expressions.variables().declare(name, new Variables.Variable(type, address));
    }
    return address;
  }

  private Step store(CType type, Node address, Operand value) {
    Operand stored =
        expressions.stored(new Operand(type, address, false, address), expressions.decayed(value));
    if (stored.reason() != null) {
      return failed(String.valueOf(stored.reason()));
    }
    Node node = stored.node();
    return frame -> {
      node.eval(frame);
      return NORMALLY;
    };
  }

  /// Only arrays and single values: where a struct's members are is not known.
  private Step initialized(CType type, Node address, Expression.InitializerList value) {
    List<Expression.Initializer> elements = value.elements();
    if (!(type instanceof CType.Array(CType of, int count))) {
      return elements.size() == 1 && elements.getFirst().designator().isEmpty()
          ? store(type, address, expressions.compile(elements.getFirst().value()))
          : failed(
              "the members of "
                  + (type instanceof CType.Struct(String name, _) ? name : "a struct"));
    }
    int size = of.size(expressions.wordSize());
    if (of instanceof CType.Pointer && size != Variables.POINTER) {
      return failed("an array of pointers on a 32-bit kernel");
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      Expression.Initializer element = elements.get(i);
      if (!element.designator().isEmpty() || i >= count || size < 0) {
        return failed("an array with gaps");
      }
      long at = (long) i * size;
      Node to = frame -> address.eval(frame) + at;
      steps.add(store(of, to, expressions.compile(element.value())));
    }
    Step[] all = steps.toArray(Step[]::new);
    return frame -> run(all, 0, frame);
  }

  private Step switched(Expression value, Statement body) {
    Node selector = condition(value);
    List<Statement> statements =
        body instanceof Statement.Block(List<Statement> inner) ? inner : List.of(body);
    expressions.variables().enter();
    List<Step> steps = new ArrayList<>();
    List<Case> cases = new ArrayList<>();
    int otherwise = -1;
    for (Statement statement : statements) {
      if (statement instanceof Statement.Label(Optional<Expression> label)) {
        if (label.isEmpty()) {
          otherwise = steps.size();
        } else {
          cases.add(new Case(condition(label.get()), steps.size()));
        }
      } else {
        steps.add(step(statement));
      }
    }
    expressions.variables().leave();
    Step[] all = steps.toArray(Step[]::new);
    Case[] labels = cases.toArray(Case[]::new);
    int last = otherwise < 0 ? all.length : otherwise;
    return frame -> {
      long chosen = selector.eval(frame);
      int from = last;
      for (Case label : labels) {
        if (label.value.eval(frame) == chosen) {
          from = label.at;
          break;
        }
      }
      int end = run(all, from, frame);
      return end == BREAK ? NORMALLY : end;
    };
  }

  private record Case(Node value, int at) {}

  private Step loop(Statement.Loop loop) {
    expressions.variables().enter();
    Step first = loop.first().isEmpty() ? _ -> NORMALLY : step(loop.first().get());
    Node test =
        loop.condition().isEmpty()
            ? new Operand.ConstantNode(1)
            : condition(loop.condition().get());
    Node next =
        loop.step().isEmpty()
            ? new Operand.ConstantNode(0)
            : expressions.compile(loop.step().get()).node();
    Step body = step(loop.body());
    expressions.variables().leave();
    return frame -> {
      for (first.run(frame); test.eval(frame) != 0; next.eval(frame)) {
        frame.step();
        if (body.run(frame) == BREAK) {
          break;
        }
      }
      return NORMALLY;
    };
  }
}
