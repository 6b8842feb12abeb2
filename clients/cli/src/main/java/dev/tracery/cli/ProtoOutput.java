package dev.tracery.cli;

import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.TraceContent;
import dev.tracery.trace.TraceProblems;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.ItemSink;
import dev.tracery.translate.TraceItemWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// `TraceItem` messages, each after its length.
final class ProtoOutput implements RecordOutput {

  private final TraceContent content;
  private final TraceItemWriter items;

  ProtoOutput(TraceContent content, EventTypes types, OutputStream out) {
    this.content = content;
    this.items = new TraceItemWriter(content, types, ItemSink.delimited(out));
  }

  @Override
  public void begin() throws IOException {
    items.start(content, "");
  }

  @Override
  public void write(RecordCursor record) throws IOException {
    items.write(record);
  }

  @Override
  public void end(TraceProblems problems) throws IOException {
    items.end(problems);
  }

  @Override
  public long unknown() {
    return items.unknownEvents();
  }

  @Override
  public List<String> notes() {
    return List.of();
  }
}
