package dev.tracery.render.line;

import dev.tracery.render.TextBuffer;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.TraceBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/// The kernel's file `trace` (kernel/trace/trace_output.c, trace_print_context;
/// kernel/trace/trace.c, print_func_help_header_irq).
final class KernelHead implements LineHead {

  private static final byte[] NO_GROUP = "(-------) ".getBytes(StandardCharsets.US_ASCII);

  private final boolean[] nanoseconds;
  private final ProcessHeads processes;
  private final IntTable groups = new IntTable();
  private final boolean withGroups;
  private final CpuHeads cpus = new CpuHeads();
  private final LatencyLetters letters;
  private final BitSet started = new BitSet();
  private final boolean overwritten;
  private final Digits digits = new Digits();

  KernelHead(
      List<TraceBuffer> buffers, CommandNames names, KernelVersion kernel, LineOptions options) {
    this.nanoseconds = new boolean[buffers.size()];
    for (int i = 0; i < nanoseconds.length; i++) {
      nanoseconds[i] = Clock.inNanoseconds(buffers.get(i).clock());
    }
    this.processes = new ProcessHeads(names, kernel.atLeast(5, 10) ? 7 : 5);
    this.withGroups = options.threadGroups().length > 0;
    this.letters = new LatencyLetters(kernel);
    this.overwritten = options.overwritten();
    readGroups(new String(options.threadGroups(), StandardCharsets.US_ASCII));
  }

  private void readGroups(String savedTgids) {
    for (String line : savedTgids.split("\n", -1)) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 2 && parts[0].matches("\\d{1,9}") && parts[1].matches("\\d{1,9}")) {
        String column = "(" + " ".repeat(Math.max(0, 7 - parts[1].length())) + parts[1] + ") ";
        groups.put(Integer.parseInt(parts[0]), column.getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  @Override
  public void begin(TextBuffer out) {
    String space = " ".repeat(withGroups ? 12 : 2);
    String task = withGroups ? "     TGID   " : "  ";
    String bar = withGroups ? "       |    " : "  ";
    String head = "#                            " + space;
    out.put("# tracer: nop\n#\n");
    out.put(head + "  _-----=> irqs-off" + (letters.bottomHalves() ? "/BH-disabled\n" : "\n"));
    out.put(head + " / _----=> need-resched\n");
    out.put(head + "| / _---=> hardirq/softirq\n");
    out.put(head + "|| / _--=> preempt-depth\n");
    if (letters.migrateDisable()) {
      out.put(head + "||| / _-=> migrate-disable\n");
      out.put(head + "|||| /     delay\n");
      out.put("#           TASK-PID  " + task + " CPU#  |||||  TIMESTAMP  FUNCTION\n");
      out.put("#              | |    " + bar + "   |   |||||     |         |\n");
    } else {
      out.put(head + "||| /     delay\n");
      out.put("#           TASK-PID  " + task + " CPU#  ||||   TIMESTAMP  FUNCTION\n");
      out.put("#              | |    " + bar + "   |   ||||      |         |\n");
    }
  }

  @Override
  public void append(RecordCursor record, RecordBytes bytes, TextBuffer out) {
    int cpu = record.cpu();
    if (overwritten && cpu >= 0 && !started.get(cpu)) {
      if (!started.isEmpty()) {
        out.put("##### CPU " + cpu + " buffer started ####\n");
      }
      started.set(cpu);
    }
    int pid = CommonFields.pid(bytes);
    processes.append(record, pid, out);
    if (withGroups) {
      byte[] group = groups.get(pid);
      out.put(group == null ? NO_GROUP : group);
    }
    out.put(cpus.of(cpu));
    out.put(' ');
    letters.append(CommonFields.flags(bytes), CommonFields.preemptCount(bytes), out);
    out.put(' ');
    time(record.timestamp(), nanoseconds[record.buffer()], digits, out);
    out.put(':');
    out.put(' ');
  }

  /// Appends a time as trace_print_time does, without the blank before it.
  static void time(long timestamp, boolean nanoseconds, Digits digits, TextBuffer out) {
    if (nanoseconds) {
      digits.seconds(timestamp + 500, out);
    } else {
      digits.decimal(timestamp, 12, out);
    }
  }

  @Override
  public void lost(int cpu, long lost, TextBuffer out) {
    out.put("CPU:" + cpu + (lost > 0 ? " [LOST " + lost + " EVENTS]\n" : " [LOST EVENTS]\n"));
  }
}
