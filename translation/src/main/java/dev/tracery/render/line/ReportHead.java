package dev.tracery.render.line;

import dev.tracery.render.TextBuffer;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.TraceBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `trace-cmd report`: `%16s-%-5d [%03d] %5d.%06d: `, and before it the buffer's name where there
/// are several buffers.
final class ReportHead implements LineHead {

  /// Up to a second, libtraceevent's print_event_time prints microseconds.
  private static final long FIRST_IN_SECONDS = 1_000_001_000;

  private final List<TraceBuffer> buffers;
  private final boolean[] nanoseconds;
  private final byte[][] bufferNames;
  private final ProcessHeads processes;
  private final CpuHeads cpus = new CpuHeads();
  private final Digits digits = new Digits();

  ReportHead(List<TraceBuffer> buffers, CommandNames names) {
    this.buffers = buffers;
    this.nanoseconds = new boolean[buffers.size()];
    this.bufferNames = new byte[buffers.size()][];
    int widest = 0;
    for (TraceBuffer buffer : buffers) {
      widest = Math.max(widest, buffer.name().length());
    }
    for (int i = 0; i < buffers.size(); i++) {
      String name = buffers.get(i).name();
      nanoseconds[i] = Clock.inNanoseconds(buffers.get(i).clock());
      String head = " ".repeat(widest - name.length()) + name + (name.isEmpty() ? "  " : ": ");
      bufferNames[i] = (widest == 0 ? "" : head).getBytes(StandardCharsets.UTF_8);
    }
    this.processes = new ProcessHeads(names, 5);
  }

  @Override
  public void begin(TextBuffer out) {
    for (int i = 0; i < buffers.size(); i++) {
      out.put(bufferNames[i]);
      out.put("cpus=" + buffers.get(i).cpus() + "\n");
    }
  }

  @Override
  public void append(RecordCursor record, RecordBytes bytes, TextBuffer out) {
    int buffer = record.buffer();
    out.put(bufferNames[buffer]);
    processes.append(record, CommonFields.pid(bytes), out);
    out.put(cpus.of(record.cpu()));
    out.put(' ');
    long time = record.timestamp();
    if (!nanoseconds[buffer]) {
      digits.decimal(time, 12, out);
    } else if (Long.compareUnsigned(time + 500, FIRST_IN_SECONDS) >= 0) {
      digits.seconds(time + 500, out);
    } else {
      digits.decimal(Long.divideUnsigned(time + 500, 1000), 12, out);
    }
    out.put(':');
    out.put(' ');
  }

  @Override
  public void lost(int cpu, long lost, TextBuffer out) {
    out.put("CPU:" + cpu + (lost > 0 ? " [" + lost + " EVENTS DROPPED]\n" : " [EVENTS DROPPED]\n"));
  }
}
