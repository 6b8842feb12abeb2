package dev.tracery.compiler.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.model.EventName;
import dev.tracery.model.WordSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {

  @TempDir Path folder;
  private InputFiles files = new InputFiles(Path.of("."));

  @BeforeEach
  void useTheFolder() {
    files = new InputFiles(folder);
  }

  private static Tars twoEvents(String prefix) {
    return new Tars()
        .file(prefix + "header_page", Tars.HEADER_PAGE)
        .file(prefix + "sched/sched_switch/format", Tars.format("sched_switch"))
        .file(prefix + "sched/sched_switch/id", "1\n")
        .file(prefix + "irq/irq_handler_exit/format", Tars.format("irq_handler_exit"));
  }

  private static final List<String> TWO_EVENTS =
      List.of("irq/irq_handler_exit", "sched/sched_switch");

  @ParameterizedTest
  @ValueSource(strings = {"events/", "./events/", "sys/kernel/tracing/events/", "./", ""})
  void the_events_folder_may_lie_anywhere(String prefix) throws IOException {
    KernelInput input = files.read(twoEvents(prefix).bytes());
    assertEquals(List.of(), input.diagnostics());
    assertEquals(
        List.of(
            new EventFormatFile(
                new EventName("irq", "irq_handler_exit"),
                "irq/irq_handler_exit/format",
                Tars.format("irq_handler_exit").getBytes(StandardCharsets.UTF_8)),
            new EventFormatFile(
                new EventName("sched", "sched_switch"),
                "sched/sched_switch/format",
                Tars.format("sched_switch").getBytes(StandardCharsets.UTF_8))),
        input.events());
    assertEquals(Optional.of(WordSize.BITS_64), input.wordSize().map(Fact::value));
    assertEquals(Optional.of(4096), input.pageSize().map(Fact::value));
  }

  @Test
  void a_path_longer_than_linux_allows_is_refused() throws IOException {
    String path = "events/" + "x/".repeat(2100) + "format";
    byte[] tar = twoEvents("events/").file(path, "").bytes();
    assertEquals(
        List.of(
            "error VALUE_INVALID: the path \""
                + path.substring(0, 120)
                + "…\" has 4213 characters; at most 4096 are allowed"),
        files.read(tar).diagnostics().stream()
            .map(found -> found.toString().replaceFirst("^\\S+ ", ""))
            .toList());
  }

  @Test
  void gzip_members_and_zstd_frames_may_follow_each_other() throws IOException {
    byte[] tar = twoEvents("events/").bytes();
    byte[] first = Arrays.copyOf(tar, 1000);
    byte[] second = Arrays.copyOfRange(tar, 1000, tar.length);
    byte[] skippable = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'x', 'y', 'z'};
    for (byte[] whole :
        List.of(
            Tars.gzip(tar),
            Tars.zstd(tar),
            InputFiles.concat(Tars.gzip(first), Tars.gzip(second)),
            InputFiles.concat(Tars.zstd(first), Tars.zstd(second)),
            InputFiles.concat(
                skippable, Tars.zstd(first), skippable, skippable, Tars.zstd(second), skippable))) {
      KernelInput input = files.read(whole);
      assertEquals(List.of(), input.diagnostics());
      assertEquals(TWO_EVENTS, InputFiles.events(input));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
  void names_beyond_a_header_are_read(int longNames) throws IOException {
    String name = "n".repeat(200);
    Tars tar = new Tars(longNames).file("events/s/" + name + "/format", Tars.format(name));
    KernelInput input = files.read(tar.bytes());
    assertEquals(List.of(), input.diagnostics());
    assertEquals(List.of("s/" + name), InputFiles.events(input));
  }

  @Test
  void trees_below_the_topmost_are_left_alone() throws IOException {
    Tars tar =
        twoEvents("t/events/")
            .file("t/dyn/events/kprobes/p/format", Tars.format("p"))
            .file("t/dyn/events/header_page", "")
            .file("t/instances/i/events/sched/sched_switch/format", Tars.format("other"));
    KernelInput input = files.read(tar.bytes());
    assertEquals(List.of(), input.diagnostics());
    assertEquals(TWO_EVENTS, InputFiles.events(input));
  }

  @Test
  void two_trees_side_by_side_are_refused() throws IOException {
    Tars tar =
        new Tars()
            .file("a/events/s/e/format", Tars.format("e"))
            .file("b/events/s/e/format", Tars.format("e"));
    KernelInput input = files.read(tar.bytes());
    assertEquals(
        List.of(
            "input: error TREE_AMBIGUOUS: has formats in \"a/events\" and in \"b/events\""
                + " (make a tar of one kernel's events folder)"),
        files.problems(input));
  }

  @Test
  void paths_that_lead_out_are_refused_and_the_rest_is_read() throws IOException {
    Tars tar =
        twoEvents("events/")
            .file("events/../../etc/cron.d/format", "x")
            .file("/events/s/e/format", Tars.format("e"));
    KernelInput input = files.read(tar.bytes());
    assertEquals(
        List.of(
            "input@4096: error ENTRY_PATH_UNSAFE: the path \"events/../../etc/cron.d/format\" is"
                + " absolute or leads out of the archive (make the tar with paths below one folder)",
            "input@5120: error ENTRY_PATH_UNSAFE: the path \"/events/s/e/format\" is absolute or"
                + " leads out of the archive (make the tar with paths below one folder)"),
        files.problems(input));
    assertEquals(TWO_EVENTS, InputFiles.events(input));
  }

  @Test
  void links_are_refused() throws IOException {
    Tars tar =
        twoEvents("events/")
            .symlink("events/s/e/format", "/etc/passwd")
            .symlink("events/t", "sched")
            .link("events/s/f/format", "events/sched/sched_switch/format", TarConstants.LF_LINK)
            .symlink("elsewhere", "/etc");
    String hint =
        " is a link; links are not followed (make the tar with --dereference and"
            + " --hard-dereference)";
    assertEquals(
        List.of(
            "input@4096: error ENTRY_IS_LINK: \"events/s/e/format\"" + hint,
            "input@4608: error ENTRY_IS_LINK: \"events/t\"" + hint,
            "input@5120: error ENTRY_IS_LINK: \"events/s/f/format\"" + hint),
        files.problems(files.read(tar.bytes())));
  }

  @Test
  void special_files_are_refused() throws IOException {
    Tars tar = twoEvents("events/").link("events/s/e/format", "", TarConstants.LF_FIFO);
    assertEquals(
        List.of(
            "input@4096: error ENTRY_TYPE_UNSUPPORTED: \"events/s/e/format\" is not a plain file"
                + " (make the tar without --sparse and without special files)"),
        files.problems(files.read(tar.bytes())));
  }

  @Test
  void one_event_twice_is_refused_only_if_the_formats_differ() throws IOException {
    Tars tar =
        twoEvents("events/")
            .file("events/sched/sched_switch/format", Tars.format("sched_switch"))
            .file("events/sched/./sched_switch/format", Tars.format("other"));
    assertEquals(
        List.of(
            "input@4096: warning EVENT_REPEATED: sched/sched_switch is there twice, with the same"
                + " format",
            "input@5120: error EVENT_DUPLICATE: sched/sched_switch is there twice, with different"
                + " formats (a kernel has one format for each event; make the input again)"),
        files.problems(files.read(tar.bytes())));
  }

  @Test
  void names_that_no_event_can_have_are_refused() throws IOException {
    Tars tar =
        twoEvents("events/")
            .file("events/s/bell\u0007/format", Tars.format("e"))
            .file("events/sch\u00e9d/e/format", Tars.format("e"));
    KernelInput input = files.read(tar.bytes());
    assertEquals(
        List.of("EVENT_NAME_INVALID", "EVENT_NAME_INVALID"),
        input.diagnostics().stream().map(found -> found.code()).toList());
    assertTrue(
        files.problems(input).getFirst().contains("U+0007 (at position 5 of \"bell\\x07\")"),
        files.problems(input).toString());
  }

  @Test
  void limits_end_the_reading_or_leave_out_what_is_too_large() throws IOException {
    byte[] tar = twoEvents("events/").bytes();
    InputLimits base = new InputLimits(1000, 10, 10_000, 100_000, 500, 1 << 20, 100, 10);
    assertEquals(List.of(), files.problems(files.read(tar, base)));
    KernelInput small = files.read(tar, new InputLimits(50, 10, 10_000, 1, 1, 1, 100, 10));
    assertEquals(
        List.of(
            "input@3072: error FORMAT_TOO_LARGE: \"events/irq/irq_handler_exit/format\": expected at"
                + " most 50 bytes but found 52"),
        files.problems(small));
    assertEquals(List.of("sched/sched_switch"), InputFiles.events(small));
    assertEquals(
        List.of(
            "input@3072: error EVENTS_TOO_MANY: more than 1 events (no kernel has so many; is this"
                + " the right input?)"),
        files.problems(files.read(tar, new InputLimits(1000, 1, 10_000, 1, 1, 1, 100, 10))));
    assertEquals(
        List.of(
            "input@3072: error FORMATS_TOO_LARGE: the formats have more than 60 bytes together"),
        files.problems(files.read(tar, new InputLimits(1000, 10, 60, 1, 1, 1, 100, 10))));
    assertEquals(
        List.of("input@2048: error ENTRIES_TOO_MANY: more than 2 entries"),
        files.problems(files.read(tar, new InputLimits(1000, 10, 10_000, 1, 1, 1, 2, 10))));
  }

  @Test
  void problems_are_counted() throws IOException {
    Tars tar = new Tars();
    for (int i = 0; i < 5; i++) {
      tar.file("../" + i, "");
    }
    KernelInput input = files.read(tar.bytes(), new InputLimits(1000, 10, 10_000, 1, 1, 1, 100, 2));
    assertEquals(
        List.of("ENTRY_PATH_UNSAFE", "ENTRY_PATH_UNSAFE", "PROBLEMS_TOO_MANY"),
        input.diagnostics().stream().map(found -> found.code()).toList());
  }

  @Test
  void a_tar_that_was_cut_anywhere_is_refused() throws IOException {
    byte[] tar = twoEvents("events/").bytes();
    int contentEnd = 4096;
    for (int length = 512; length < contentEnd + 512; length += 100) {
      KernelInput input = files.read(Arrays.copyOf(tar, length));
      assertEquals(
          List.of("INPUT_TRUNCATED"),
          input.diagnostics().stream().map(found -> found.code()).toList(),
          "cut at " + length);
    }
  }

  @Test
  void a_damaged_header_ends_the_reading() throws IOException {
    byte[] tar = twoEvents("events/").bytes();
    tar[3072 + 20] ^= 1;
    KernelInput input = files.read(tar);
    assertEquals(
        List.of("input@3072: error TAR_DAMAGED: expected a tar header but its checksum is wrong"),
        files.problems(input));
    assertEquals(List.of("sched/sched_switch"), InputFiles.events(input));
  }

  @Test
  void data_after_the_end_is_told() throws IOException {
    byte[] tar = twoEvents("events/").bytes();
    KernelInput input = files.read(InputFiles.concat(tar, tar));
    assertEquals(
        List.of("TAR_DATA_AFTER_END"),
        input.diagnostics().stream().map(found -> found.code()).toList());
  }

  @Test
  void a_tar_without_formats_is_refused() throws IOException {
    assertEquals(
        List.of(
            "input: error EVENTS_MISSING: has no event formats (it must be made where tracefs is"
                + " mounted and readable)"),
        files.problems(files.read(new Tars().file("a/b", "c").bytes())));
  }
}
