package dev.tracery.render.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.model.Target;
import dev.tracery.render.TextBuffer;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.TraceBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineHeadTest {

  private static final CommandNames NAMES =
      CommandNames.of("1 init\n37 kworker/u4:3-ev\n70000 a b\nnonsense\n".getBytes(UTF_8));
  private static final List<TraceBuffer> ONE = List.of(new TraceBuffer("", "local", 2));

  @Test
  void a_report_has_process_cpu_and_time() {
    assertEquals(
        """
        cpus=2
                  <idle>-0     [001]     1.234568:\s
                    init-1     [000] 12345.000000:\s
         kworker/u4:3-ev-37    [1000]     1.000001:\s
                   <...>-2     [001] 9000000000.000000:\s
                     a b-70000 [001]      1000000:\s
                   <...>--1    [001]            0:\s
        CPU:1 [123 EVENTS DROPPED]
        CPU:0 [EVENTS DROPPED]
        """,
        lines(
            new ReportHead(ONE, NAMES),
            entry(0, 1, 1_234_567_500L, 0, 0),
            entry(1, 0, 12_344_999_999_500L, 0, 0),
            entry(37, 1000, 1_000_001_499L, 0, 0),
            entry(2, 1, 9_000_000_000_000_000_000L, 0, 0),
            entry(70000, 1, 1_000_000_499L, 0, 0),
            entry(-1, 1, 0, 0, 0)));
  }

  @Test
  void a_report_names_buffers_and_shows_cycles_as_they_are() {
    List<TraceBuffer> buffers =
        List.of(
            new TraceBuffer("", "local", 2),
            new TraceBuffer("foo", "x86-tsc", 1),
            new TraceBuffer("longer", "mono", 2));
    assertEquals(
        """
                cpus=2
           foo: cpus=1
        longer: cpus=2
           foo:             init-1     [001]   1234567500:\s
        CPU:1 [123 EVENTS DROPPED]
        CPU:0 [EVENTS DROPPED]
        """,
        lines(new ReportHead(buffers, NAMES), entry(1, 1, 1_234_567_500L, 0, 1)));
  }

  @Test
  void the_kernel_has_letters_for_interrupts_and_preemption() {
    KernelHead old = new KernelHead(ONE, NAMES, KernelVersion.of("5.10.0-46"), LineOptions.FTRACE);
    assertEquals(
        """
        # tracer: nop
        #
        #                                _-----=> irqs-off
        #                               / _----=> need-resched
        #                              | / _---=> hardirq/softirq
        #                              || / _--=> preempt-depth
        #                              ||| /     delay
        #           TASK-PID     CPU#  ||||   TIMESTAMP  FUNCTION
        #              | |         |   ||||      |         |
                    init-1       [001] dNH1     1.234568:\s
                    init-1       [001] X.z.     1.234568:\s
        CPU:1 [LOST 123 EVENTS]
        CPU:0 [LOST EVENTS]
        """,
        lines(
            old,
            entry(1, 1, 1_234_567_500L, 0x0100003d, 0),
            entry(1, 1, 1_234_567_500L, 0x00000042, 0)));
  }

  @Test
  void later_kernels_tell_of_bottom_halves_and_migration() {
    KernelHead head = new KernelHead(ONE, NAMES, KernelVersion.of("6.1.0"), LineOptions.FTRACE);
    assertEquals(
        """
        # tracer: nop
        #
        #                                _-----=> irqs-off/BH-disabled
        #                               / _----=> need-resched
        #                              | / _---=> hardirq/softirq
        #                              || / _--=> preempt-depth
        #                              ||| / _-=> migrate-disable
        #                              |||| /     delay
        #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
        #              | |         |   |||||     |         |
                    init-1       [001] Dps2f     1.234568:\s
                  <idle>-0       [001] bnZ.1     1.234568:\s
        CPU:1 [LOST 123 EVENTS]
        CPU:0 [LOST EVENTS]
        """,
        lines(
            head,
            entry(1, 1, 1_234_567_500L, 0xf20000b1, 0),
            entry(0, 1, 1_234_567_500L, 0x100000cc, 0)));
    TextBuffer lazy = new TextBuffer();
    new LatencyLetters(KernelVersion.of("6.13.0")).append(0x26, 0, lazy);
    new LatencyLetters(KernelVersion.of("6.13.0")).append(0x02, 0, lazy);
    new LatencyLetters(KernelVersion.of("6.12.0")).append(0x02, 0, lazy);
    assertEquals(".B....l...X....", lazy.toString());
  }

  @Test
  void the_kernel_shows_thread_groups_and_where_a_cpu_begins() {
    LineOptions options = new LineOptions(LineStyle.FTRACE, "1 1\n37 4711\n".getBytes(UTF_8), true);
    assertEquals(
        """
        # tracer: nop
        #
        #                                          _-----=> irqs-off/BH-disabled
        #                                         / _----=> need-resched
        #                                        | / _---=> hardirq/softirq
        #                                        || / _--=> preempt-depth
        #                                        ||| / _-=> migrate-disable
        #                                        |||| /     delay
        #           TASK-PID       TGID    CPU#  |||||  TIMESTAMP  FUNCTION
        #              | |           |       |   |||||     |         |
                    init-1       (      1) [001] .....     0.000000:\s
         kworker/u4:3-ev-37      (   4711) [001] .....     0.000001:\s
        ##### CPU 0 buffer started ####
                  <idle>-0       (-------) [000] .....     0.000001:\s
        CPU:1 [LOST 123 EVENTS]
        CPU:0 [LOST EVENTS]
        """,
        lines(
            new KernelHead(ONE, NAMES, KernelVersion.NEWEST, options),
            entry(1, 1, 0, 0, 0),
            entry(37, 1, 1000, 0, 0),
            entry(0, 0, 1001, 0, 0)));
  }

  private static String lines(LineHead head, Entry... entries) {
    TextBuffer out = new TextBuffer();
    head.begin(out);
    RecordBytes bytes = new RecordBytes(Target.LITTLE_64);
    for (Entry entry : entries) {
      bytes.set(entry);
      head.append(entry, bytes, out);
      out.put('\n');
    }
    head.lost(1, 123, out);
    head.lost(0, -1, out);
    return out.toString();
  }

  /// @param common the first four bytes, the type at its end
  private static Entry entry(int pid, int cpu, long time, int common, int buffer) {
    byte[] bytes = new byte[8];
    bytes[2] = (byte) common;
    bytes[3] = (byte) (common >> 24);
    for (int i = 0; i < 4; i++) {
      bytes[4 + i] = (byte) (pid >> 8 * i);
    }
    return new Entry(bytes, cpu, time, buffer);
  }

  private record Entry(byte[] bytes, int cpu, long timestamp, int buffer) implements RecordCursor {
    @Override
    public boolean advance() {
      return false;
    }

    @Override
    public int offset() {
      return 0;
    }

    @Override
    public int length() {
      return bytes.length;
    }

    @Override
    public long lostBefore() {
      return 0;
    }

    @Override
    public long bytesRead() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
