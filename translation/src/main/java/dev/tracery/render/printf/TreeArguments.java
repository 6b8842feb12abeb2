package dev.tracery.render.printf;

import dev.tracery.compiler.print.Expression;
import dev.tracery.compiler.print.IntegerType;
import dev.tracery.render.evaluate.ExpressionCompiler;
import dev.tracery.render.evaluate.Node;
import java.util.List;

/// The arguments of a print format: expressions.
record TreeArguments(List<Expression> expressions, ExpressionCompiler compiler)
    implements Arguments {

  @Override
  public int count() {
    return expressions.size();
  }

  @Override
  public Node integer(int index, IntegerType type) {
    return compiler.integer(expressions.get(index), type);
  }

  @Override
  public Node string(int index) {
    return compiler.pointer(expressions.get(index));
  }

  @Override
  public Node pointer(int index) {
    return compiler.pointer(expressions.get(index));
  }

  @Override
  public int pointeeSize(int index) {
    return compiler.pointeeSize(expressions.get(index));
  }
}
