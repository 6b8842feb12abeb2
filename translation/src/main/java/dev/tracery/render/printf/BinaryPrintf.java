package dev.tracery.render.printf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.render.TextBuffer;
import dev.tracery.render.evaluate.ExpressionCompiler;
import dev.tracery.render.evaluate.Frame;

/// A format whose arguments lie packed in records, as trace_printk leaves them (lib/vsprintf.c,
/// bstr_printf). Not thread-safe.
public final class BinaryPrintf {

  private final PackedArguments arguments;
  private final Sequence pieces;

  /// @param layout of the event that has such records
  /// @param format the text, C escapes decoded
  public BinaryPrintf(Layout layout, byte[] format, StoredPointers pointers) {
    this.arguments = new PackedArguments(layout.target().wordSize(), pointers);
    this.pieces =
        new Pieces(layout.target().wordSize(), new ExpressionCompiler(layout))
            .of(new String(format, ISO_8859_1), ISO_8859_1, arguments);
  }

  /// Appends the text of a record that the frame has begun.
  ///
  /// @param from where in the record the arguments begin
  /// @throws dev.tracery.render.evaluate.NotEvaluable if it cannot be known; what was appended so
  ///   far stays
  public void append(Frame frame, int from, TextBuffer out) {
    arguments.read(frame, from);
    pieces.append(frame, out);
  }
}
