package dev.tracery.render.printf;

import dev.tracery.compiler.print.IntegerType;
import dev.tracery.render.evaluate.Node;

/// Where a format's arguments come from. They are asked for in the format's order, each once.
interface Arguments {

  /// How many there are.
  int count();

  /// The argument of an integer conversion, or a width or precision.
  Node integer(int index, IntegerType type);

  /// The argument of `%s`.
  Node string(int index);

  /// The argument of `%p`.
  Node pointer(int index);

  /// How large what a pointer points to is; -1 if that is not known.
  int pointeeSize(int index);

  /// Whether instead of a pointer there is the text that was made of it, as [#string].
  default boolean isRendered(Conversion conversion) {
    return false;
  }
}
