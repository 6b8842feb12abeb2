package dev.tracery.render;

import dev.tracery.render.evaluate.Frame;
import dev.tracery.render.evaluate.NotEvaluable;
import dev.tracery.render.printf.Sequence;
import java.util.function.Consumer;

/// Renders records by their print format, or by their fields where that cannot be evaluated.
final class PrintFormatRenderer implements EventRenderer {

  /// The reason where there is no tree.
  static final String NOT_UNDERSTOOD = "the print format is no C that is understood";

  private final Sequence pieces;
  private final Frame frame;
  private final byte[] constants;
  private final int variableBytes;
  private final int fixedSize;
  private final EventRenderer raw;
  private final Consumer<String> notes;
  private boolean told;

  PrintFormatRenderer(
      Sequence pieces,
      Frame frame,
      byte[] constants,
      int variableBytes,
      int fixedSize,
      EventRenderer raw,
      Consumer<String> notes) {
    this.pieces = pieces;
    this.frame = frame;
    this.constants = constants;
    this.variableBytes = variableBytes;
    this.fixedSize = fixedSize;
    this.raw = raw;
    this.notes = notes;
  }

  @Override
  public void render(byte[] bytes, int offset, int length, TextBuffer out) {
    if (told && pieces.never()) {
      raw.render(bytes, offset, length, out);
      return;
    }
    int start = out.length();
    try {
      if (length < fixedSize) {
        throw new NotEvaluable("a record that ends before its fields do");
      }
      frame.begin(bytes, offset, length, constants, variableBytes);
      pieces.append(frame, out);
    } catch (NotEvaluable e) {
      out.truncate(start);
      told = true;
      notes.accept(e.reason());
      raw.render(bytes, offset, length, out);
    }
  }
}
