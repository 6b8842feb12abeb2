package dev.tracery.render.line;

import dev.tracery.compiler.input.Fact;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.render.EventRenderer;
import dev.tracery.render.EventRenderers;
import dev.tracery.render.KernelTables;
import dev.tracery.render.RenderNotes;
import dev.tracery.render.TextBuffer;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.TraceContent;
import dev.tracery.translate.EventLayout;
import dev.tracery.translate.EventTypes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes the records of a trace as lines of text. Not thread-safe. Nearly nothing is allocated per
/// record.
public final class TraceText {

  /// What stands behind the head of an event's lines.
  private record Line(byte[] label, EventText body) {}

  private final EventTypes types;
  private final EventRenderers renderers;
  private final LineStyle style;
  private final LineHead head;
  private final FtraceEvents ftrace;
  private final DynamicEvents dynamic;
  private final RecordBytes bytes;
  private final RenderNotes notes = new RenderNotes();
  private @Nullable Line[] lines = new Line[4096];

  /// @param content of the trace whose records come
  /// @param types its events
  /// @param tables what its print formats need to know of the kernel
  /// @param options how the lines look
  public TraceText(
      TraceContent content, EventTypes types, KernelTables tables, LineOptions options) {
    this.types = types;
    this.renderers = new EventRenderers(content.target(), tables, notes);
    this.style = options.style();
    CommandNames names = CommandNames.of(content.commandNames());
    KernelVersion kernel = KernelVersion.of(content.kernel().release().map(Fact::value).orElse(""));
    this.head =
        switch (style) {
          case REPORT -> new ReportHead(content.buffers(), names);
          case FTRACE -> new KernelHead(content.buffers(), names, kernel, options);
        };
    boolean nanoseconds =
        content.buffers().isEmpty() || Clock.inNanoseconds(content.buffers().getFirst().clock());
    this.ftrace =
        new FtraceEvents(tables, names, nanoseconds, new BinaryPrints(renderers, notes, kernel));
    this.dynamic = new DynamicEvents(renderers);
    this.bytes = new RecordBytes(content.target());
  }

  /// Appends the lines that stand before the first record's.
  public void begin(TextBuffer out) {
    head.begin(out);
  }

  /// Appends the line of the record that a cursor is at, and before it one that says what is lost,
  /// if something is.
  public void append(RecordCursor record, TextBuffer out) {
    if (record.lostBefore() != 0) {
      head.lost(record.cpu(), record.lostBefore(), out);
    }
    bytes.set(record);
    head.append(record, bytes, out);
    int type = CommonFields.type(bytes);
    Line line = type < lines.length ? lines[type] : null;
    if (line == null) {
      line = add(type);
    }
    out.put(line.label);
    line.body.append(bytes, record.timestamp(), out);
    out.put('\n');
  }

  /// Writes all records that are left, and before them [#begin]'s lines.
  ///
  /// @return how many records there were
  public long write(RecordCursor records, OutputStream out) throws IOException {
    TextBuffer buffer = new TextBuffer();
    begin(buffer);
    long count = 0;
    for (; records.advance(); count++) {
      append(records, buffer);
      buffer.drainBlockTo(out);
    }
    buffer.drainTo(out);
    return count;
  }

  /// Which events are not printed as the kernel would, and why.
  public RenderNotes notes() {
    return notes;
  }

  private Line add(int type) {
    EventLayout event = types.layoutById(type);
    Line line = event == null ? labelled("Unknown type " + type, (_, _, _) -> {}) : known(event);
    if (type >= lines.length) {
      lines = Arrays.copyOf(lines, 1 << 16);
    }
    lines[type] = line;
    return line;
  }

  private Line known(EventLayout event) {
    Layout layout = event.layout();
    String name = layout.eventName();
    boolean own = event.name().system().equals("ftrace");
    Optional<EventText> special = own ? ftrace.text(event.name(), layout, style) : Optional.empty();
    if (style == LineStyle.FTRACE) {
      if (event.name().system().equals("syscalls") && layout.fields().size() > 0) {
        if (name.startsWith("sys_enter_")) {
          return labelled("", SyscallText.enter(layout, "sys_" + name.substring(10)));
        }
        if (name.startsWith("sys_exit_") && layout.fields().size() > 1) {
          return labelled("", SyscallText.exit(layout, "sys_" + name.substring(9)));
        }
      }
      if (DynamicEvents.isProbe(layout)) {
        return labelled(name + ": ", dynamic.probe(event.name(), layout, body(event)));
      }
      if (event.name().system().equals("synthetic")) {
        return labelled(name + ": ", dynamic.synthetic(event.name(), layout));
      }
      // Why no name: the functions of trace_output.c print none.
      return special
          .map(text -> labelled("", text))
          .orElseGet(() -> labelled(name + ": ", body(event)));
    }
    String label = name + ":" + " ".repeat(Math.max(1, 21 - name.length()));
    return labelled(label, special.orElseGet(() -> body(event)));
  }

  private static Line labelled(String label, EventText body) {
    return new Line(label.getBytes(StandardCharsets.UTF_8), body);
  }

  private EventText body(EventLayout event) {
    EventRenderer renderer = renderers.of(event.name(), event.layout());
    return (record, _, out) -> {
      renderer.render(record.bytes(), record.offset(), record.length(), out);
      // Why: some print formats end in a line feed, and readers are used to one line less.
      int end = out.length();
      if (style == LineStyle.REPORT && end > 0 && out.array()[end - 1] == '\n') {
        out.truncate(end - 1);
      }
    };
  }
}
