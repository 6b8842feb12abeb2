package dev.tracery.cli;

import dev.tracery.render.TextBuffer;
import dev.tracery.render.line.CommandNames;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.TraceContent;
import dev.tracery.trace.TraceProblems;
import dev.tracery.translate.EventType;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/// JSON, one object a line.
final class JsonOutput implements RecordOutput {

  private final EventTypes types;
  private final JsonWriter json;
  private final TextBuffer buffer = new TextBuffer();
  private final OutputStream out;
  private byte[] message = new byte[4096];
  private long unknown;

  JsonOutput(TraceContent content, EventTypes types, OutputStream out) {
    this.types = types;
    this.json = new JsonWriter(content, CommandNames.of(content.commandNames())::known);
    this.out = out;
  }

  @Override
  public void begin() {}

  @Override
  public void write(RecordCursor record) throws IOException {
    EventType type = types.of(record.bytes(), record.offset(), record.length());
    if (type == null) {
      unknown++;
      return;
    }
    int most = type.translator().maxMessageSize(record.length());
    if (most > message.length) {
      message = Arrays.copyOf(message, most * 2);
    }
    int end =
        type.translator().translate(record.bytes(), record.offset(), record.length(), message, 0);
    json.write(record, type, message, 0, end, buffer);
    buffer.drainBlockTo(out);
  }

  @Override
  public void end(TraceProblems problems) throws IOException {
    buffer.drainTo(out);
  }

  @Override
  public long unknown() {
    return unknown;
  }

  @Override
  public List<String> notes() {
    return List.of();
  }
}
