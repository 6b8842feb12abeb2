package dev.tracery.render.line;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import dev.tracery.render.EventRenderer;
import dev.tracery.render.EventRenderers;
import dev.tracery.render.RenderNotes;
import dev.tracery.render.TextBuffer;
import dev.tracery.render.evaluate.Frame;
import dev.tracery.render.evaluate.NotEvaluable;
import dev.tracery.render.line.FtraceFields.Value;
import dev.tracery.render.printf.BinaryPrintf;
import dev.tracery.render.printf.StoredPointers;
import java.util.HashMap;
import java.util.Map;

/// The texts of `bprint`, which has a format's address and the arguments packed
/// (kernel/trace/trace_output.c, trace_bprint_print). Not thread-safe.
final class BinaryPrints {

  private static final byte[] NO_CONSTANTS = {};

  private final EventRenderers renderers;
  private final RenderNotes notes;
  private final StoredPointers pointers;

  BinaryPrints(EventRenderers renderers, RenderNotes notes, KernelVersion kernel) {
    this.renderers = renderers;
    this.notes = notes;
    this.pointers =
        kernel.atLeast(5, 5)
            ? StoredPointers.WITH_PE
            : kernel.atLeast(4, 16) ? StoredPointers.WITH_PF : StoredPointers.ALL;
  }

  /// The text of an event that has the fields of `bprint`.
  EventText text(Layout layout, EventName event, SymbolText symbols) {
    FtraceFields fields = new FtraceFields(layout);
    Value ip = fields.value("ip");
    Value format = fields.value("fmt");
    int arguments = fields.offset("buf");
    Map<Long, BinaryPrintf> known = new HashMap<>();
    Frame frame = new Frame(renderers.tables(), layout.target().byteOrder());
    EventRenderer raw = renderers.rawFields(layout);
    return (record, _, out) -> {
      int start = out.length();
      try {
        symbols.append(ip.of(record), out);
        out.put(':');
        out.put(' ');
        long address = format.of(record);
        BinaryPrintf print = known.get(address);
        if (print == null) {
          print = new BinaryPrintf(layout, format(address), pointers);
          known.put(address, print);
        }
        frame.begin(record.bytes(), record.offset(), record.length(), NO_CONSTANTS, 0);
        print.append(frame, arguments, out);
        dropLineFeed(out, start);
      } catch (NotEvaluable e) {
        out.truncate(start);
        notes.add(event, e.reason());
        raw.render(record.bytes(), record.offset(), record.length(), out);
      }
    };
  }

  private byte[] format(long address) {
    byte[] format = renderers.tables().strings().at(address);
    if (format == null) {
      throw new NotEvaluable("a format that printk_formats lacks");
    }
    return format;
  }

  /// Why: formats have their own line feed.
  private static void dropLineFeed(TextBuffer out, int start) {
    int end = out.length();
    if (end > start && out.array()[end - 1] == '\n') {
      out.truncate(end - 1);
    }
  }
}
