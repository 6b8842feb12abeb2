package dev.tracery.render.evaluate;

import dev.tracery.render.TextBuffer;

/// A compiled expression. Immutable; whoever evaluates brings the [Frame].
@FunctionalInterface
public interface Node {

  /// The value: an integer, extended by the sign or by zeros as its type has it, or an [Address].
  ///
  /// @throws NotEvaluable if it cannot be known
  long eval(Frame frame);

  /// Whether no record has a value of it.
  default boolean isUnknown() {
    return this instanceof Operand.UnknownNode;
  }

  /// Appends the string that the value points to, up to its NUL.
  ///
  /// @throws NotEvaluable if it cannot be known; what was appended so far stays
  default void write(Frame frame, TextBuffer out) {
    frame.string(eval(frame), out);
  }
}
