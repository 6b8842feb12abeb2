package dev.tracery.render.printf;

import dev.tracery.render.TextBuffer;
import dev.tracery.render.evaluate.Frame;

/// A part of a print format: literal text or a conversion. Immutable.
@FunctionalInterface
public interface Piece {

  /// Appends what it prints.
  ///
  /// @throws dev.tracery.render.evaluate.NotEvaluable if that cannot be known
  void append(Frame frame, TextBuffer out);
}
