package dev.tracery.render.line;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.model.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The kernel's lines of events that users made. The formats are those of the sample kernels'
/// `dyn`; no kernel's text of their records was recorded, so that what is expected follows from the
/// functions of kernel/trace that [DynamicEvents] names.
class DynamicEventsTest {

  private static final String SYMBOLS =
      """
      ffffffff81000000 T do_open
      ffffffff81000040 T caller
      ffffffff81000100 T last
      ffffffffc0000000 t in_module\t[mod]
      ffffffffc0000020 t after\t[mod]
      """;

  @TempDir Path folder;

  private final HandMadeTrace trace = new HandMadeTrace(Target.LITTLE_64).tables(SYMBOLS, "");

  private List<String> lines(LineOptions options) throws IOException {
    return HandMadeTrace.ours(trace.write(folder.resolve("trace.dat")), options);
  }

  private ByteBuffer string(ByteBuffer record, int slot, String text) {
    if (text.isEmpty()) {
      return record.putInt(slot, record.position());
    }
    int length = text.length() + 1;
    record.putInt(slot, length << 16 | record.position());
    return record.put(text.getBytes(ISO_8859_1)).put((byte) 0);
  }

  @Test
  void a_kprobe_has_its_symbol_with_the_offset() throws IOException {
    trace.own(
        "kprobes",
        1000,
        "openat2",
        """
        unsigned long __probe_ip 8 8 0
        s32 dfd 16 4 1
        __data_loc char[] filename 20 4 1
        __data_loc char[] other 24 4 1
        """,
        "\"(%lx) dfd=%d filename=\\\"%s\\\" other=\\\"%s\\\"\", REC->__probe_ip, REC->dfd,"
            + " __get_str(filename), __get_str(other)");
    for (long ip : new long[] {0xffffffff81000004L, 0xffffffffc0000000L, 0xffffffffa0000000L, 0}) {
      ByteBuffer record = trace.bytes(1000).putLong(ip).putInt(-100).position(28);
      trace.record(HandMadeTrace.done(string(string(record, 20, "a) b"), 24, ip == 0 ? "" : "c")));
    }
    assertEquals(
        List.of(
            "openat2: (do_open+0x4/0x40) dfd=-100 filename=\"a) b\" other=\"c\"",
            "openat2: (in_module+0x0/0x20 [mod]) dfd=-100 filename=\"a) b\" other=\"c\"",
            "openat2: (0xffffffffa0000000) dfd=-100 filename=\"a) b\" other=\"c\"",
            "openat2: (0) dfd=-100 filename=\"a) b\" other=(fault)"),
        lines(LineOptions.FTRACE));
    assertEquals(
        "openat2:              (ffffffff81000004) dfd=-100 filename=\"a) b\" other=\"c\"",
        lines(LineOptions.REPORT).getFirst());
    List<String> theirs = HandMadeTrace.theirs(folder.resolve("trace.dat"));
    assertEquals(theirs.isEmpty() ? theirs : lines(LineOptions.REPORT), theirs);
  }

  @Test
  void a_return_probe_has_the_caller_first_and_the_function_without_offset() throws IOException {
    trace.own(
        "kprobes",
        1001,
        "ret",
        """
        unsigned long __probe_func 8 8 0
        unsigned long __probe_ret_ip 16 8 0
        s32 fd 24 4 1
        """,
        "\"(%lx <- %lx) fd=%d\", REC->__probe_func, REC->__probe_ret_ip, REC->fd");
    trace.record(
        HandMadeTrace.done(
            trace.bytes(1001).putLong(0xffffffff81000000L).putLong(0xffffffff81000050L).putInt(3)));
    assertEquals(List.of("ret: (caller+0x10/0xc0 <- do_open) fd=3"), lines(LineOptions.FTRACE));
    assertEquals(
        List.of("ret:                  (ffffffff81000000 <- ffffffff81000050) fd=3"),
        lines(LineOptions.REPORT));
  }

  @Test
  void a_uprobe_has_numbers_though_a_symbol_has_them_too() throws IOException {
    trace
        .own("uprobes", 1002, "up", "unsigned long __probe_ip 8 8 0", "\"(%lx)\", REC->__probe_ip")
        .own(
            "uprobes",
            1003,
            "upr",
            "unsigned long __probe_func 8 8 0\nunsigned long __probe_ret_ip 16 8 0",
            "\"(%lx <- %lx)\", REC->__probe_func, REC->__probe_ret_ip");
    trace.record(HandMadeTrace.done(trace.bytes(1002).putLong(0xffffffff81000004L)));
    trace.record(HandMadeTrace.done(trace.bytes(1003).putLong(0x4a6580).putLong(0x4a6599)));
    assertEquals(
        List.of("up: (0xffffffff81000004)", "upr: (0x4a6599 <- 0x4a6580)"),
        lines(LineOptions.FTRACE));
  }

  @Test
  void fields_of_a_synthetic_event_have_blanks_between_them() throws IOException {
    trace.own(
        "synthetic",
        1004,
        "wakelat",
        "u64 lat 8 8 0\nchar comm[16] 16 16 1\npid_t pid 32 4 1",
        "\"lat=%llu, comm=%.*s, pid=%d\", REC->lat, (int)sizeof(REC->comm), REC->comm, REC->pid");
    ByteBuffer record = trace.bytes(1004).putLong(77);
    trace.record(
        HandMadeTrace.done(record.put("a, b".getBytes(ISO_8859_1)).putInt(32, 5).position(36)));
    assertEquals(List.of("wakelat: lat=77 comm=a, b pid=5"), lines(LineOptions.FTRACE));
    assertEquals(
        List.of("wakelat:              lat=77, comm=a, b, pid=5"), lines(LineOptions.REPORT));
  }

  @Test
  void an_event_probe_has_its_print_format() throws IOException {
    trace.own("eprobes", 1005, "sw", "s32 next 8 4 1", "\" next=%d\", REC->next");
    trace.record(HandMadeTrace.done(trace.bytes(1005).putInt(9)));
    assertEquals(List.of("sw:  next=9"), lines(LineOptions.FTRACE));
  }
}
