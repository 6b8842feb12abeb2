package dev.tracery.render.line;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.compiler.print.PrintFormat;
import dev.tracery.model.EventName;
import dev.tracery.render.EventRenderer;
import dev.tracery.render.EventRenderers;
import dev.tracery.render.TextBuffer;
import dev.tracery.render.line.FtraceFields.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The kernel's own text of events that users made, which their print formats tell otherwise
/// (kernel/trace: trace_kprobe.c, print_kprobe_event and print_kretprobe_event; trace_uprobe.c,
/// print_uprobe_event; trace_fprobe.c, print_fentry_event and print_fexit_event;
/// trace_events_synth.c, print_synth_event).
///
/// What event an event probe is attached to is in no record since 6.1 (302db0f5b3d8): its line is
/// what its print format says, without the kernel's `(system.event)`. Of a `gfp_t` of a synthetic
/// event the kernel prints the flags' names, too; their values differ between kernels.
final class DynamicEvents {

  private static final byte[] FAULT = "(fault)".getBytes(StandardCharsets.US_ASCII);

  private final EventRenderers renderers;
  private final SymbolText symbols;
  private final Digits digits = new Digits();

  DynamicEvents(EventRenderers renderers) {
    this.renderers = renderers;
    this.symbols = new SymbolText(renderers.tables().symbols());
  }

  /// Whether an event is one of kprobes, uprobes or fprobes.
  static boolean isProbe(Layout layout) {
    FtraceFields fields = new FtraceFields(layout);
    return fields.has("__probe_ip") || (fields.has("__probe_func") && fields.has("__probe_ret_ip"));
  }

  /// @param body what the print format says: `(IP) ARGUMENTS` or `(FUNCTION <- IP) ARGUMENTS`
  EventText probe(EventName event, Layout layout, EventText body) {
    FtraceFields fields = new FtraceFields(layout);
    boolean entry = fields.has("__probe_ip");
    Value ip = fields.value(entry ? "__probe_ip" : "__probe_ret_ip");
    Value function = fields.value("__probe_func");
    // Why the name: nothing else tells uprobes. Those of other groups have addresses that the
    // kernel's symbols lack, but for kernels whose addresses overlap with those of user space.
    boolean user = event.system().equals("uprobes");
    List<Field> strings = strings(layout);
    return (record, timestamp, out) -> {
      int start = out.length();
      body.append(record, timestamp, out);
      int head = headEnd(out, start);
      if (head < 0) {
        return;
      }
      byte[] rest = Arrays.copyOfRange(out.array(), head, out.length());
      out.truncate(start);
      out.put('(');
      address(ip.of(record), user, true, out);
      if (!entry) {
        out.put(" <- ");
        address(function.of(record), user, false, out);
      }
      arguments(record, strings, rest, out);
    };
  }

  /// Where the print format's addresses end; -1 where the fields are printed instead.
  private static int headEnd(TextBuffer out, int start) {
    if (start == out.length() || out.array()[start] != '(') {
      return -1;
    }
    int at = start;
    while (at < out.length() && out.array()[at] != ')') {
      at++;
    }
    return at < out.length() ? at : -1;
  }

  private void address(long address, boolean user, boolean offset, TextBuffer out) {
    if (user) {
      out.put('0');
      out.put('x');
      digits.hex(address, 1, out);
    } else if (offset) {
      symbols.appendWithOffset(address, out);
    } else {
      symbols.append(address, out);
    }
  }

  private static List<Field> strings(Layout layout) {
    List<Field> strings = new ArrayList<>();
    for (Field field : layout.fields()) {
      if (field.placement() == Placement.DATA_LOC && field.kind() == FieldKind.STRING) {
        strings.add(field);
      }
    }
    return strings;
  }

  /// Strings that could not be read have no bytes, not even a NUL: `(fault)`
  /// (kernel/trace/trace_probe.c, print_type_string).
  private static void arguments(
      RecordBytes record, List<Field> strings, byte[] text, TextBuffer out) {
    int from = 0;
    for (Field field : strings) {
      if (record.u32(field.offset()) >>> 16 != 0) {
        continue;
      }
      byte[] empty = (" " + field.name() + "=\"\"").getBytes(StandardCharsets.UTF_8);
      int at = indexOf(text, empty, from);
      if (at >= 0) {
        out.put(text, from, at + empty.length - 2 - from);
        out.put(FAULT);
        from = at + empty.length;
      }
    }
    out.put(text, from, text.length - from);
  }

  private static int indexOf(byte[] text, byte[] what, int from) {
    for (int at = from; at + what.length <= text.length; at++) {
      if (Arrays.equals(text, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    return -1;
  }

  /// The same as the print format with blanks between the fields instead of commas.
  EventText synthetic(EventName event, Layout layout) {
    EventRenderer renderer =
        renderers.of(
            event,
            layout,
            layout
                .printFormat()
                .tree()
                .map(tree ->
                    new PrintFormat.Tree(tree.format().replace(", ", " "), tree.arguments())));
    return (record, _, out) ->
        renderer.render(record.bytes(), record.offset(), record.length(), out);
  }
}
