package dev.tracery.cli;

import dev.tracery.render.KernelTables;
import dev.tracery.render.TextBuffer;
import dev.tracery.render.line.LineOptions;
import dev.tracery.render.line.LineStyle;
import dev.tracery.render.line.TraceText;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.TraceContent;
import dev.tracery.trace.TraceProblems;
import dev.tracery.translate.EventTypes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Lines of text.
final class TextOutput implements RecordOutput {

  private final TraceText text;
  private final TextBuffer buffer = new TextBuffer();
  private final OutputStream out;

  TextOutput(TraceContent content, EventTypes types, LineStyle style, OutputStream out) {
    this.text =
        new TraceText(
            content,
            types,
            KernelTables.of(content),
            style == LineStyle.REPORT ? LineOptions.REPORT : LineOptions.FTRACE);
    this.out = out;
  }

  @Override
  public void begin() {
    text.begin(buffer);
  }

  @Override
  public void write(RecordCursor record) throws IOException {
    text.append(record, buffer);
    buffer.drainBlockTo(out);
  }

  @Override
  public void end(TraceProblems problems) throws IOException {
    buffer.drainTo(out);
  }

  @Override
  public long unknown() {
    // Why: the line of such a record says so.
    return 0;
  }

  @Override
  public List<String> notes() {
    return text.notes().reasons().entrySet().stream()
        .map(note -> note.getKey() + " is shown as its fields: " + note.getValue())
        .toList();
  }
}
