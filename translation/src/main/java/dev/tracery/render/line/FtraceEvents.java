package dev.tracery.render.line;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import dev.tracery.render.KernelTables;
import dev.tracery.render.TextBuffer;
import dev.tracery.render.line.FtraceFields.Value;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What the kernel prints of the events of its system `ftrace`: not what their print formats say,
/// but what functions of kernel/trace/trace_output.c do (trace_fn_trace, trace_print_print, …).
/// Where the functions differ between kernels, those of 5.10 and later count.
final class FtraceEvents {

  /// Those of which a print format tells little: reports have the kernel's text of them, too.
  private static final Set<String> IN_REPORTS =
      Set.of("print", "bputs", "bprint", "raw_data", "kernel_stack", "user_stack");

  /// `task_index_to_char` (include/linux/sched.h).
  private static final String STATES = "RSDTtXZPI";

  private static final String[] TIMERLAT_CONTEXTS = {"irq", "thread", "user-ret"};

  private final KernelTables tables;
  private final CommandNames names;
  private final boolean nanoseconds;
  private final BinaryPrints binaryPrints;
  private final SymbolText symbols;
  private final Digits digits = new Digits();

  FtraceEvents(
      KernelTables tables, CommandNames names, boolean nanoseconds, BinaryPrints binaryPrints) {
    this.tables = tables;
    this.names = names;
    this.nanoseconds = nanoseconds;
    this.binaryPrints = binaryPrints;
    this.symbols = new SymbolText(tables.symbols());
  }

  /// The text of an event.
  ///
  /// @return empty if it has no other than its print format
  Optional<EventText> text(EventName event, Layout layout, LineStyle style) {
    String name = layout.eventName();
    if (style == LineStyle.REPORT && !IN_REPORTS.contains(name)) {
      return Optional.empty();
    }
    FtraceFields fields = new FtraceFields(layout);
    return Optional.ofNullable(
        switch (name) {
          case "function" -> function(fields);
          case "func_repeats" -> repeats(fields);
          case "print" -> print(fields);
          case "bputs" -> bputs(fields);
          case "bprint" -> binaryPrints.text(layout, event, symbols);
          case "raw_data" -> rawData(fields);
          case "kernel_stack" -> kernelStack(fields);
          case "user_stack" -> userStack(fields);
          case "context_switch" -> contextSwitch(fields, "==>");
          case "wakeup" -> contextSwitch(fields, "  +");
          case "hwlat" -> hardwareLatency(fields);
          case "osnoise" -> osNoise(fields);
          case "timerlat" -> timerLatency(fields);
          case "branch" -> branch(fields);
          default -> null;
        });
  }

  private EventText function(FtraceFields fields) {
    Value ip = fields.value("ip");
    Value parent = fields.value("parent_ip");
    return (record, _, out) -> function(ip.of(record), parent.of(record), out);
  }

  private void function(long ip, long parent, TextBuffer out) {
    symbols.append(ip, out);
    if (parent != 0) {
      out.put(" <-");
      symbols.append(parent, out);
    }
  }

  private EventText repeats(FtraceFields fields) {
    Value ip = fields.value("ip");
    Value parent = fields.value("parent_ip");
    Value count = fields.value("count");
    Value top = fields.value("top_delta_ts");
    Value bottom = fields.value("bottom_delta_ts");
    return (record, timestamp, out) -> {
      function(ip.of(record), parent.of(record), out);
      out.put(" (repeats: ");
      digits.decimal(count.of(record), 1, out);
      out.put(", last_ts: ");
      long before = top.of(record) << 32 | bottom.of(record);
      KernelHead.time(timestamp - before, nanoseconds, digits, out);
      out.put(')');
    };
  }

  private EventText print(FtraceFields fields) {
    Value ip = fields.value("ip");
    int text = fields.offset("buf");
    return (record, _, out) -> {
      symbols.append(ip.of(record), out);
      out.put(':');
      out.put(' ');
      int length = 0;
      while (text + length < record.length() && record.u8(text + length) != 0) {
        length++;
      }
      // Why: the text has its own line feed (tracing_mark_write).
      if (length > 0 && record.u8(text + length - 1) == '\n') {
        length--;
      }
      out.put(record.bytes(), record.offset() + text, length);
    };
  }

  private EventText bputs(FtraceFields fields) {
    Value ip = fields.value("ip");
    Value text = fields.value("str");
    return (record, _, out) -> {
      symbols.append(ip.of(record), out);
      out.put(':');
      out.put(' ');
      byte[] string = tables.strings().at(text.of(record));
      if (string == null) {
        out.put('0');
        out.put('x');
        digits.hex(text.of(record), 1, out);
      } else {
        boolean feed = string.length > 0 && string[string.length - 1] == '\n';
        out.put(string, 0, string.length - (feed ? 1 : 0));
      }
    };
  }

  private EventText rawData(FtraceFields fields) {
    Value id = fields.value("id");
    int data = fields.offset("buf");
    return (record, _, out) -> {
      out.put("# ");
      digits.hex(id.of(record), 1, out);
      out.put(" buf:");
      for (int at = data; at < record.length(); at++) {
        out.put(' ');
        digits.hex(record.u8(at), 2, out);
      }
    };
  }

  private EventText kernelStack(FtraceFields fields) {
    Value size = fields.value("size");
    boolean sized = fields.has("size");
    int callers = fields.offset("caller");
    return (record, _, out) -> {
      out.put("<stack trace>");
      int word = record.wordSize();
      long most = sized ? size.of(record) : Integer.MAX_VALUE;
      for (int i = 0; i < most && callers + (i + 1) * word <= record.length(); i++) {
        long address = record.word(callers + i * word);
        if (address == (word == 8 ? -1 : 0xffff_ffffL)) {
          break;
        }
        out.put("\n => ");
        symbols.append(address, out);
      }
    };
  }

  private EventText userStack(FtraceFields fields) {
    int callers = fields.offset("caller");
    return (record, _, out) -> {
      out.put("<user stack trace>");
      int word = record.wordSize();
      for (int i = 0; i < 8 && callers + (i + 1) * word <= record.length(); i++) {
        long address = record.word(callers + i * word);
        if (address == 0 || address == (word == 8 ? -1 : 0xffff_ffffL)) {
          break;
        }
        out.put("\n =>  <");
        digits.hex(address, word * 2, out);
        out.put('>');
      }
    };
  }

  private EventText contextSwitch(FtraceFields fields, String arrow) {
    Value previousPid = fields.value("prev_pid");
    Value previousPriority = fields.value("prev_prio");
    Value previousState = fields.value("prev_state");
    Value cpu = fields.value("next_cpu");
    Value nextPid = fields.value("next_pid");
    Value nextPriority = fields.value("next_prio");
    Value nextState = fields.value("next_state");
    return (record, _, out) -> {
      int next = (int) nextPid.of(record);
      out.put(
          String.format(
              Locale.ROOT,
              " %7d:%3d:%c %s [%03d] %7d:%3d:%c ",
              (int) previousPid.of(record),
              previousPriority.of(record),
              state(previousState.of(record)),
              arrow,
              (int) cpu.of(record),
              next,
              nextPriority.of(record),
              state(nextState.of(record))));
      out.put(names.name(next));
    };
  }

  private static char state(long index) {
    return index < STATES.length() ? STATES.charAt((int) index) : '?';
  }

  private EventText hardwareLatency(FtraceFields fields) {
    Value number = fields.value("seqnum");
    Value inner = fields.value("duration");
    Value outer = fields.value("outer_duration");
    Value seconds = fields.value("tv_sec");
    Value nanos = fields.value("tv_nsec");
    Value count = fields.value("count");
    Value interrupts = fields.value("nmi_count");
    Value interrupted = fields.value("nmi_total_ts");
    boolean counted = fields.has("count");
    return (record, _, out) -> {
      out.put(
          String.format(
              Locale.ROOT,
              "#%-5d inner/outer(us): %4d/%-5d ts:%d.%09d",
              number.of(record),
              inner.of(record),
              outer.of(record),
              seconds.of(record),
              nanos.of(record)));
      if (counted) {
        out.put(" count:" + (int) count.of(record));
      }
      if (interrupts.of(record) != 0) {
        out.put(" nmi-total:" + interrupted.of(record) + " nmi-count:" + interrupts.of(record));
      }
    };
  }

  private EventText osNoise(FtraceFields fields) {
    Value runtime = fields.value("runtime");
    Value noise = fields.value("noise");
    Value longest = fields.value("max_sample");
    Value[] counts = {
      fields.value("hw_count"),
      fields.value("nmi_count"),
      fields.value("irq_count"),
      fields.value("softirq_count"),
      fields.value("thread_count")
    };
    return (record, _, out) -> {
      long ran = runtime.of(record);
      long stolen = noise.of(record);
      // Why unsigned: a u64 and do_div, as in trace_osnoise_print. A runtime of 0 is damage.
      long ratio = ran == 0 ? 0 : Long.divideUnsigned((ran - stolen) * 10_000_000, ran);
      digits.decimal(ran, 1, out);
      out.put(' ');
      digits.decimal(stolen, 10, out);
      out.put(' ');
      digits.decimal(Long.divideUnsigned(ratio, 100_000), 3, out);
      out.put(String.format(Locale.ROOT, ".%05d ", Long.remainderUnsigned(ratio, 100_000)));
      digits.decimal(longest.of(record), 7, out);
      for (Value count : counts) {
        out.put(' ');
        digits.decimal(count.of(record), 6, out);
      }
    };
  }

  private EventText timerLatency(FtraceFields fields) {
    Value number = fields.value("seqnum");
    Value context = fields.value("context");
    Value latency = fields.value("timer_latency");
    return (record, _, out) -> {
      long index = context.of(record);
      out.put(
          String.format(
              Locale.ROOT,
              "#%-5d context %6s timer_latency %9s ns",
              number.of(record),
              index < TIMERLAT_CONTEXTS.length ? TIMERLAT_CONTEXTS[(int) index] : index,
              Long.toUnsignedString(latency.of(record))));
    };
  }

  private EventText branch(FtraceFields fields) {
    Value line = fields.value("line");
    Value correct = fields.value("correct");
    int function = fields.offset("func");
    int file = fields.offset("file");
    return (record, _, out) -> {
      out.put(correct.of(record) != 0 ? "[  ok  ] " : "[ MISS ] ");
      string(record, function, 31, out);
      out.put(':');
      string(record, file, 21, out);
      out.put(':');
      digits.decimal(line.of(record), 1, out);
    };
  }

  private static void string(RecordBytes record, int from, int most, TextBuffer out) {
    for (int i = 0; i < most && record.u8(from + i) != 0; i++) {
      out.put(record.u8(from + i));
    }
  }
}
