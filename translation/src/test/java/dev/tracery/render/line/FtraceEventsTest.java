package dev.tracery.render.line;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.model.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The events of the system `ftrace` that no sample trace has. The formats are those of Linux 6.12.
/// Each test says where its expectation is from: `trace-cmd report` of the same file where that is
/// right, else the function of the kernel.
class FtraceEventsTest {

  private static final long OPEN = 0xffffffff81000000L;
  private static final long CALLER = 0xffffffff81000044L;

  @TempDir Path folder;

  private final HandMadeTrace trace =
      new HandMadeTrace(Target.LITTLE_64)
          .tables(
              "ffffffff81000000 T do_open\nffffffff81000040 T caller\nffffffff81000100 T next\n",
              "");

  private List<String> lines(LineOptions options) throws IOException {
    return HandMadeTrace.ours(trace.write(folder.resolve("trace.dat")), options);
  }

  private void assertReportIs(String... expected) throws IOException {
    assertEquals(List.of(expected), lines(LineOptions.REPORT));
  }

  /// Fails too where `trace-cmd report` prints something else.
  private void assertReportAndTraceCmdAre(String... expected) throws IOException {
    assertReportIs(expected);
    List<String> theirs = HandMadeTrace.theirs(folder.resolve("trace.dat"));
    assertEquals(theirs.isEmpty() ? theirs : List.of(expected), theirs);
  }

  private void record(ByteBuffer bytes) {
    trace.record(HandMadeTrace.done(bytes));
  }

  /// Kernel: without the function graph tracer its events have no text of their own there
  /// (trace_functions_graph.c prints graphs, which need the events around); the print format is
  /// ours. Report: trace-cmd.
  @Test
  void function_graph_events_have_their_print_formats() throws IOException {
    trace
        .ftrace(
            11,
            "funcgraph_entry",
            "unsigned long func 8 8 0\nint depth 16 4 1",
            "\"--> %ps (%d)\", (void *)REC->func, REC->depth")
        .ftrace(
            10,
            "funcgraph_exit",
            """
            unsigned long func 8 8 0
            int depth 16 4 1
            unsigned int overrun 20 4 0
            unsigned long long calltime 24 8 0
            unsigned long long rettime 32 8 0
            """,
            "\"<-- %ps (%d) (start: %llx  end: %llx) over: %d\", (void *)REC->func, REC->depth,"
                + " REC->calltime, REC->rettime, REC->depth");
    record(trace.bytes(11).putLong(OPEN).putInt(2));
    record(trace.bytes(10).putLong(OPEN).putInt(2).putInt(0).putLong(0x1000).putLong(0x1fff));
    assertReportAndTraceCmdAre(
        "funcgraph_entry:      --> do_open (2)",
        "funcgraph_exit:       <-- do_open (2) (start: 1000  end: 1fff) over: 2");
    assertEquals(
        List.of(
            "funcgraph_entry: --> do_open (2)",
            "funcgraph_exit: <-- do_open (2) (start: 1000  end: 1fff) over: 2"),
        lines(LineOptions.FTRACE));
  }

  /// Kernel and report: trace-cmd. The kernel prints them in mmiotrace's own file format while that
  /// tracer runs (trace_mmiotrace.c, mmio_print_line), and else not at all.
  @Test
  void mmiotrace_events_have_their_print_formats() throws IOException {
    trace
        .ftrace(
            7,
            "mmiotrace_rw",
            """
            resource_size_t phys 8 8 0
            unsigned long value 16 8 0
            unsigned long pc 24 8 0
            int map_id 32 4 1
            unsigned char opcode 36 1 0
            unsigned char width 37 1 0
            """,
            "\"%lx %lx %lx %d %x %x\", (unsigned long)REC->phys, REC->value, REC->pc, REC->map_id,"
                + " REC->opcode, REC->width")
        .ftrace(
            8,
            "mmiotrace_map",
            """
            resource_size_t phys 8 8 0
            unsigned long virt 16 8 0
            unsigned long len 24 8 0
            int map_id 32 4 1
            unsigned char opcode 36 1 0
            """,
            "\"%lx %lx %lx %d %x\", (unsigned long)REC->phys, REC->virt, REC->len, REC->map_id,"
                + " REC->opcode");
    record(
        trace
            .bytes(7)
            .putLong(0xfee00000L)
            .putLong(0x1234)
            .putLong(CALLER)
            .putInt(3)
            .put((byte) 2)
            .put((byte) 4));
    record(
        trace.bytes(8).putLong(0xfee00000L).putLong(OPEN).putLong(4096).putInt(3).put((byte) 0x30));
    assertReportAndTraceCmdAre(
        "mmiotrace_rw:         fee00000 1234 ffffffff81000044 3 2 4",
        "mmiotrace_map:        fee00000 ffffffff81000000 1000 3 30");
    assertEquals(
        List.of(
            "mmiotrace_rw: fee00000 1234 ffffffff81000044 3 2 4",
            "mmiotrace_map: fee00000 ffffffff81000000 1000 3 30"),
        lines(LineOptions.FTRACE));
  }

  /// Kernel: trace_hwlat_print (trace_output.c). Report: trace-cmd.
  @Test
  void hardware_latencies() throws IOException {
    trace.ftrace(
        15,
        "hwlat",
        """
        u64 duration 8 8 0
        u64 outer_duration 16 8 0
        u64 nmi_total_ts 24 8 0
        s64 tv_sec 32 8 1
        long tv_nsec 40 8 1
        unsigned int nmi_count 48 4 0
        unsigned int seqnum 52 4 0
        unsigned int count 56 4 0
        """,
        "\"cnt:%u\\tts:%010llu.%010lu\\tinner:%llu\\touter:%llu\\tcount:%d\\tnmi-ts:%llu"
            + "\\tnmi-count:%u\\n\", REC->seqnum, REC->tv_sec, REC->tv_nsec, REC->duration,"
            + " REC->outer_duration, REC->count, REC->nmi_total_ts, REC->nmi_count");
    for (int interrupts = 0; interrupts < 2; interrupts++) {
      record(
          trace
              .bytes(15)
              .putLong(12)
              .putLong(13)
              .putLong(interrupts * 77L)
              .putLong(1_700_000_000L)
              .putLong(5)
              .putInt(interrupts)
              .putInt(9)
              .putInt(2));
    }
    assertEquals(
        List.of(
            "#9     inner/outer(us):   12/13    ts:1700000000.000000005 count:2",
            "#9     inner/outer(us):   12/13    ts:1700000000.000000005 count:2 nmi-total:77"
                + " nmi-count:1"),
        lines(LineOptions.FTRACE));
    assertReportAndTraceCmdAre(
        "hwlat:                cnt:9\tts:1700000000.0000000005\tinner:12\touter:13\tcount:2"
            + "\tnmi-ts:0\tnmi-count:0",
        "hwlat:                cnt:9\tts:1700000000.0000000005\tinner:12\touter:13\tcount:2"
            + "\tnmi-ts:77\tnmi-count:1");
  }

  /// Kernel: trace_osnoise_print and trace_timerlat_print. Report: trace-cmd.
  @Test
  void noise_and_timer_latencies() throws IOException {
    trace
        .ftrace(
            16,
            "osnoise",
            """
            u64 noise 8 8 0
            u64 runtime 16 8 0
            u64 max_sample 24 8 0
            unsigned int hw_count 32 4 0
            unsigned int nmi_count 36 4 0
            unsigned int irq_count 40 4 0
            unsigned int softirq_count 44 4 0
            unsigned int thread_count 48 4 0
            """,
            "\"noise:%llu\\tmax_sample:%llu\\thw:%u\\tnmi:%u\\tirq:%u\\tsoftirq:%u\\tthread:%u\\n\","
                + " REC->noise, REC->max_sample, REC->hw_count, REC->nmi_count, REC->irq_count,"
                + " REC->softirq_count, REC->thread_count")
        .ftrace(
            17,
            "timerlat",
            "unsigned int seqnum 8 4 0\nint context 12 4 1\nu64 timer_latency 16 8 0",
            "\"seq:%u\\tcontext:%d\\ttimer_latency:%llu\\n\", REC->seqnum, REC->context,"
                + " REC->timer_latency");
    ByteBuffer noise = trace.bytes(16).putLong(190).putLong(1_000_000).putLong(9);
    record(noise.putInt(18).putInt(0).putInt(1007).putInt(18).putInt(1));
    record(trace.bytes(17).putInt(20).putInt(1).putLong(11_700));
    // The first as in Documentation/trace/osnoise-tracer.rst: 190 us of 1 s are 99.98100 %.
    assertEquals(
        List.of(
            "1000000        190  99.98100       9     18      0   1007     18      1",
            "#20    context thread timer_latency     11700 ns"),
        lines(LineOptions.FTRACE));
    assertReportAndTraceCmdAre(
        "osnoise:              noise:190\tmax_sample:9\thw:18\tnmi:0\tirq:1007\tsoftirq:18"
            + "\tthread:1",
        "timerlat:             seq:20\tcontext:1\ttimer_latency:11700");
  }

  /// Kernel: trace_func_repeats_print and trace_fn_trace; the time is the record's less the delta.
  /// Report: trace-cmd.
  @Test
  void repeated_functions() throws IOException {
    trace.ftrace(
        19,
        "func_repeats",
        """
        unsigned long ip 8 8 0
        unsigned long parent_ip 16 8 0
        u16 count 24 2 0
        u16 top_delta_ts 26 2 0
        u32 bottom_delta_ts 28 4 0
        """,
        "\" %ps <-%ps\\t(repeats:%u  delta: -%llu)\", (void *)REC->ip, (void *)REC->parent_ip,"
            + " REC->count, (((u64)(REC)->top_delta_ts << 32) | (REC)->bottom_delta_ts)");
    // The record is at 5.000001 s; its delta is 4294967296 + 5033 ns.
    record(
        trace
            .bytes(19)
            .putLong(OPEN)
            .putLong(CALLER)
            .putShort((short) 7)
            .putShort((short) 1)
            .putInt(5033));
    assertEquals(
        List.of("do_open <-caller (repeats: 7, last_ts:     0.705029)"), lines(LineOptions.FTRACE));
    assertReportAndTraceCmdAre(
        "func_repeats:          do_open <-caller\t(repeats:7  delta: -4294972329)");
  }

  /// Kernel: trace_stack_print and trace_user_stack_print. Report: the same text, which is not
  /// trace-cmd's: without plugins it prints eight addresses, however many there are.
  @Test
  void stacks() throws IOException {
    trace
        .ftrace(4, "kernel_stack", "int size 8 4 1\nunsigned long caller[8] 16 64 0", "\"\"")
        .ftrace(
            12, "user_stack", "unsigned int tgid 8 4 0\nunsigned long caller[8] 16 64 0", "\"\"");
    record(trace.bytes(4).putInt(2).putInt(0).putLong(CALLER).putLong(OPEN).putLong(7));
    record(
        trace
            .bytes(12)
            .putInt(1)
            .putInt(0)
            .putLong(0x4a6580)
            .putLong(0x7f16f2295910L)
            .put(new byte[48]));
    String stack = "<stack trace>\n => caller\n => do_open";
    String user = "<user stack trace>\n =>  <00000000004a6580>\n =>  <00007f16f2295910>";
    assertEquals(List.of(stack, user), lines(LineOptions.FTRACE));
    assertReportIs("kernel_stack:         " + stack, "user_stack:           " + user);
  }

  /// Kernel: trace_raw_data (trace_output.c). Report: the same, since the print format, which is
  /// what trace-cmd prints, shows one byte of them.
  @Test
  void raw_data() throws IOException {
    trace.ftrace(
        18,
        "raw_data",
        "unsigned int id 8 4 0\nchar buf[] 12 0 0",
        "\"id:%04x %08x\", REC->id, (int)REC->buf[0]");
    record(trace.bytes(18).putInt(0x2a).put("abcd".getBytes(StandardCharsets.US_ASCII)));
    assertEquals(List.of("# 2a buf: 61 62 63 64"), lines(LineOptions.FTRACE));
    assertReportIs("raw_data:             # 2a buf: 61 62 63 64");
  }
}
