package dev.tracery.compiler.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tracery.diagnostic.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracefsReaderTest {

  @TempDir Path folder;

  private void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void twoEvents(String prefix) throws IOException {
    write(prefix + "header_page", Tars.HEADER_PAGE);
    write(prefix + "sched/enable", "0\n");
    write(prefix + "sched/sched_switch/format", Tars.format("sched_switch"));
    write(prefix + "sched/sched_switch/id", "1\n");
    write(prefix + "irq/irq_handler_exit/format", Tars.format("irq_handler_exit"));
  }

  private static final List<String> TWO_EVENTS =
      List.of("irq/irq_handler_exit", "sched/sched_switch");

  private KernelInput read(String path) {
    return KernelInputReader.read(folder.resolve(path), InputLimits.DEFAULT);
  }

  private List<String> problems(KernelInput input) {
    return input.diagnostics().stream()
        .map(Diagnostic::toString)
        .map(text -> text.replace(folder.toString(), "DIR"))
        .toList();
  }

  @Test
  void the_tree_its_parent_and_its_events_folder_give_the_same() throws IOException {
    twoEvents("debug/tracing/events/");
    write(
        "debug/tracing/uname.txt",
        "Linux host 6.1.0 #1 SMP Debian 6.1-1 (2026) x86_64 x86_64 x86_64 GNU/Linux\n");
    write("debug/tracing/dyn/events/kprobes/p/format", Tars.format("p"));
    for (String path : List.of("debug", "debug/tracing", "debug/tracing/events")) {
      KernelInput input = read(path);
      assertEquals(List.of(), problems(input), path);
      assertEquals(TWO_EVENTS, InputFiles.events(input), path);
      assertEquals(
          "KernelIdentity[release=6.1.0, build=#1 SMP Debian 6.1-1 (2026), machine=x86_64,"
              + " target=64-bit little-endian, pageSize=4096]",
          IdentityResolver.resolve(input, KernelFlags.NONE).identity().orElseThrow().toString(),
          path);
    }
  }

  @Test
  void a_renamed_events_folder_is_known_by_its_shape() throws IOException {
    write("copy/sched/sched_switch/format", Tars.format("sched_switch"));
    assertEquals(List.of("sched/sched_switch"), InputFiles.events(read("copy")));
  }

  @Test
  void links_are_refused_so_that_none_can_loop() throws IOException {
    twoEvents("t/events/");
    Files.createSymbolicLink(folder.resolve("t/events/loop"), folder.resolve("t/events"));
    Files.createSymbolicLink(folder.resolve("t/events/sched/loop"), folder.resolve("t/events"));
    Files.createDirectory(folder.resolve("t/events/sched/e"));
    Files.createSymbolicLink(
        folder.resolve("t/events/sched/e/format"), folder.resolve("t/events/header_page"));
    KernelInput input = read("t");
    String message =
        ": error ENTRY_IS_LINK: is a symbolic link; links are not followed (copy the tree with cp"
            + " -rL)";
    assertEquals(
        List.of(
            "DIR/t/events/loop" + message,
            "DIR/t/events/sched/e/format" + message,
            "DIR/t/events/sched/loop" + message),
        problems(input));
    assertEquals(TWO_EVENTS, InputFiles.events(input));
  }

  @Test
  void an_event_whose_format_is_gone_is_told() throws IOException {
    twoEvents("t/events/");
    Files.createDirectory(folder.resolve("t/events/sched/gone"));
    Files.createDirectories(folder.resolve("t/events/sched/odd/format"));
    KernelInput input = read("t");
    assertEquals(
        List.of(
            "DIR/t/events/sched/gone/format: error ENTRY_UNREADABLE: no such file or directory",
            "DIR/t/events/sched/odd/format: error ENTRY_TYPE_UNSUPPORTED: expected a plain file"),
        problems(input));
    assertEquals(TWO_EVENTS, InputFiles.events(input));
  }

  @Test
  void a_format_that_may_not_be_read_is_told() throws IOException {
    twoEvents("t/events/");
    Path format = folder.resolve("t/events/sched/sched_switch/format");
    Files.setPosixFilePermissions(format, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(format), "root reads everything");
    assertEquals(
        List.of(
            "DIR/t/events/sched/sched_switch/format: error ENTRY_UNREADABLE: permission denied"
                + " (run as a user who may read it)"),
        problems(read("t")));
  }

  @Test
  void a_name_with_a_control_character_is_refused_and_shown_safely() throws IOException {
    write("t/events/s/a\nb/format", Tars.format("a"));
    assertEquals(
        List.of(
            "DIR/t/events/s/a\\x0ab/format: error EVENT_NAME_INVALID: an event's name cannot"
                + " contain the character U+000A (at position 2 of \"a\\x0ab\")"),
        problems(read("t")));
  }

  @Test
  void too_large_a_format_is_left_out() throws IOException {
    twoEvents("t/events/");
    KernelInput input =
        KernelInputReader.read(
            folder.resolve("t"), new InputLimits(50, 10, 1000, 1, 1, 1, 100, 10));
    assertEquals(
        List.of(
            "DIR/t/events/irq/irq_handler_exit/format: error FORMAT_TOO_LARGE: the format: expected"
                + " at most 50 bytes but found 51"),
        problems(input));
  }

  @Test
  void two_trees_are_refused() throws IOException {
    twoEvents("a/events/");
    twoEvents("b/events/");
    assertEquals(
        List.of(
            "DIR: error TREE_AMBIGUOUS: has events folders in \"a\" and in \"b\" (give one of"
                + " them)"),
        problems(read("")).stream().map(text -> text.replace("DIR@", "DIR/@")).toList());
  }

  @Test
  void a_folder_of_something_else_is_refused() throws IOException {
    write("x/y", "z");
    assertEquals(
        List.of(
            "DIR/x: error INPUT_NOT_RECOGNISED: expected a folder events with SYSTEM/EVENT/format"
                + " files, but there is none in it (on a running system give /sys/kernel/tracing, as"
                + " root)"),
        problems(read("x")));
  }

  @Test
  void a_file_of_something_else_is_refused() throws IOException {
    write("hello.tar.gz", "hello\n");
    String expected =
        "expected a tracefs folder, a tar of one, a trace.dat or a perf.data (each plain, or"
            + " compressed with gzip or zstd)";
    assertEquals(
        List.of("DIR/hello.tar.gz: error INPUT_NOT_RECOGNISED: " + expected),
        problems(read("hello.tar.gz")));
    assertEquals(
        List.of("DIR/none: error INPUT_UNREADABLE: no such file or directory"),
        problems(read("none")));
    write("empty", "");
    assertEquals(
        List.of("DIR/empty: error INPUT_NOT_RECOGNISED: " + expected), problems(read("empty")));
    assertEquals(
        List.of(
            "/dev/zero: error INPUT_NOT_RECOGNISED: is neither a folder nor a plain file: "
                + expected),
        problems(KernelInputReader.read(Path.of("/dev/zero"), InputLimits.DEFAULT)));
  }
}
