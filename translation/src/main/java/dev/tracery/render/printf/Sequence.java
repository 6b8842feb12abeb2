package dev.tracery.render.printf;

import dev.tracery.render.TextBuffer;
import dev.tracery.render.evaluate.Frame;
import dev.tracery.render.evaluate.NotEvaluable;

/// What a format prints: a literal, a piece, a literal, and so on, and a literal at the end.
///
/// Why not a piece for a literal: a call that can go to many methods costs more than most literals
/// do.
///
/// @param literals one more than there are pieces; may be empty
/// @param never whether there is no record that it can be printed of
public record Sequence(byte[][] literals, Piece[] pieces, boolean never) {

  /// The kernel's own texts must fit a `trace_seq`, which is a page or two (include/linux/
  /// trace_seq.h): a format that makes more is none of its.
  private static final int MAX_TEXT = 1 << 20;

  /// Appends the text of the record that the frame has begun.
  ///
  /// @throws NotEvaluable if it cannot be known; what was appended so far stays
  public void append(Frame frame, TextBuffer out) {
    int most = out.length() + MAX_TEXT;
    for (int i = 0; i < pieces.length; i++) {
      out.put(literals[i]);
      pieces[i].append(frame, out);
      if (out.length() > most) {
        throw new NotEvaluable("a text of more than 1 MiB");
      }
    }
    out.put(literals[pieces.length]);
  }
}
