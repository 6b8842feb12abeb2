package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.render.TextBuffer;
import dev.tracery.translate.ItemJsonWriter;
import dev.tracery.v1.TraceItem;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TranslateCommandTest {

  private static final Path SAMPLES = Path.of("../../it-tests/samples");
  private static final String AMD64 = "debian-bookworm-6.1.0-56-amd64/traces/";
  private static final String DYN = SAMPLES.resolve(AMD64 + "dyn.dat.zst").toString();

  @TempDir private Path folder = Path.of("");

  @Test
  void everyRecordIsALineOfJson() throws IOException {
    Run run = Run.of("translate", DYN, "--output", "json");

    assertEquals("", run.err());
    assertEquals(0, run.status());
    assertEquals(events("dyn.raw.txt.zst"), run.out().lines().count());
    assertTrue(run.out().contains("\"event\":\"sched/sched_switch\""), run.out());
  }

  @Test
  void everyRecordIsALineOfText() throws IOException {
    Run run = Run.of("translate", DYN);

    assertEquals(0, run.status(), run.err());
    assertEquals(text("dyn.report-noplugins.txt.zst").lines().count(), run.out().lines().count());
    assertTrue(run.out().startsWith("cpus=2\n"), run.out());
  }

  @Test
  void plainCommandLinesAreReadAsPicocliReadsThem() {
    Console console = Console.ofProcess();
    for (List<String> options :
        List.of(
            List.of(DYN),
            List.of("--event", "sched/*", DYN, "--cpu", "0,1", "--output", "text"),
            List.of("--event", "sched_switch", "--event", "irq/*", DYN),
            List.of("--event", "a/b/c/", DYN),
            List.of("--cpu", "x", DYN),
            List.of("no such file"))) {
      List<String> words = new ArrayList<>(List.of("translate"));
      words.addAll(options);
      assertTrue(
          TranslateCommand.plain(console, words.toArray(String[]::new)).isPresent(),
          words.toString());
      Run plain = Run.of(words.toArray(String[]::new));
      words.addAll(List.of("--style", "report"));
      String[] other = words.toArray(String[]::new);
      assertTrue(TranslateCommand.plain(console, other).isEmpty(), words.toString());
      assertEquals(Run.of(other), plain, words.toString());
    }
    for (List<String> words :
        List.of(
            List.<String>of(),
            List.of("translate"),
            List.of("translate", DYN, DYN),
            List.of("translate", "-h"),
            List.of("translate", "@words"),
            List.of("translate", ""),
            List.of("translate", DYN, "--event"),
            List.of("translate", DYN, "--cpu", "--event"),
            List.of("translate", DYN, "--output", "json"),
            List.of("show", DYN))) {
      assertTrue(
          TranslateCommand.plain(console, words.toArray(String[]::new)).isEmpty(),
          words.toString());
    }
  }

  @Test
  void protobufSaysTheSameAsJson() throws IOException {
    ByteArrayOutputStream proto = new ByteArrayOutputStream();
    Run run = Run.to(proto, false, Map.of(), "translate", DYN, "--output", "proto");

    assertEquals(new Run(0, "", ""), run);
    ByteArrayInputStream in = new ByteArrayInputStream(proto.toByteArray());
    ItemJsonWriter json = new ItemJsonWriter();
    TextBuffer text = new TextBuffer();
    List<TraceItem> items = new ArrayList<>();
    for (TraceItem item = TraceItem.parseDelimitedFrom(in);
        item != null;
        item = TraceItem.parseDelimitedFrom(in)) {
      items.add(item);
      json.write(item, text);
    }
    assertEquals(TraceItem.ItemCase.START, items.getFirst().getItemCase());
    assertEquals(4868, items.getLast().getEnd().getEvents());
    assertEquals(
        lines().stream()
            .map(line -> line.replaceFirst(",\"comm\":\"[^\"]*\"(?=,\"message)", ""))
            .toList(),
        text.toString().lines().toList());
  }

  @Test
  void eventsCpusAndTimesArePicked() throws IOException {
    List<String> all = lines("--event", "sched_switch");
    List<String> picked =
        lines("--event", "sched/*", "--cpu", "1", "--from", "1409.66", "--to", "1409.9");

    List<String> expected =
        all.stream()
            .filter(line -> line.contains("\"cpu\":1,"))
            .filter(line -> line.compareTo("{\"timestamp\":1409660000000") >= 0)
            .filter(line -> line.compareTo("{\"timestamp\":1409900000000") < 0)
            .toList();
    assertTrue(!expected.isEmpty() && expected.size() < all.size(), all.size() + " in all");
    assertEquals(expected, picked);
  }

  @Test
  void perfDataIsATraceToo() throws IOException {
    Run run =
        Run.of(
            "translate", SAMPLES.resolve(AMD64 + "perf.data.zst").toString(), "--output", "json");

    assertEquals(0, run.status(), run.err());
    assertEquals(
        text("perf.script.full.txt.zst")
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .count(),
        run.out().lines().count());
  }

  @Test
  void aTraceThatIsCutGivesWhatIsThereAndSaysWhatIsNot() throws IOException {
    byte[] whole = bytes("dyn.dat.zst");
    Path cut = Files.write(folder.resolve("cut.dat"), Arrays.copyOf(whole, whole.length - 20_000));
    Run run = Run.of("translate", cut.toString(), "--output", "json");

    assertEquals(2, run.status(), run.err());
    assertTrue(run.err().contains("cut.dat@"), run.err());
    assertTrue(run.err().contains(" of records could not be read\n"), run.err());
    long events = run.out().lines().count();
    assertTrue(events > 0 && events < events("dyn.raw.txt.zst"), events + " events");
  }

  @Test
  void whatIsNoTraceIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "no trace\n");
    Run run = Run.of("translate", file.toString());

    assertEquals(2, run.status());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith(file + ":"), run.err());
  }

  @Test
  void whyThereIsNothingIsSaid() {
    assertEquals(
        "tracery: no event of the trace matches --event; a glob matches system/name, such as"
            + " 'sched/*'\n",
        Run.of("translate", DYN, "--event", "sched").err());
    Run late = Run.of("translate", DYN, "--output", "json", "--from", "9999");
    assertEquals(
        new Run(0, "", "tracery: no record is left by --event, --cpu, --from and --to\n"), late);
  }

  @Test
  void wrongUsesAreNamed() {
    assertWrong("--cpu: expected a list such as 0,2-5 but found 3-1", "--cpu", "3-1");
    assertWrong(
        "--formats: " + DYN + " is a file, which has its own; only folders of raw pages need it",
        "--formats",
        DYN);
    assertWrong(
        "--style: is of lines of text; leave it out with --output json",
        "--style",
        "ftrace",
        "--output",
        "json");
    assertWrong(
        "--from: expected seconds such as 1234.567890, nine decimals at most, but found noon",
        "--from",
        "noon");
    assertWrong(
        "--to: expected at most 9223372035 seconds but found 9999999999", "--to", "9999999999");
    assertWrong(
        "--server: a registry gives messages; --output json or --output proto writes them",
        "--server",
        "localhost:1");
    assertEquals(
        new Run(
            2,
            "",
            "tracery: --output proto writes bytes that are not for a terminal; send them to a file:"
                + " > FILE\n"),
        Run.onTerminal(Map.of(), "translate", DYN, "--output", "proto"));
  }

  private static void assertWrong(String message, String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "translate";
    arguments[1] = DYN;
    System.arraycopy(options, 0, arguments, 2, options.length);
    assertEquals(new Run(2, "", "tracery: " + message + "\n"), Run.of(arguments));
  }

  private static List<String> lines(String... options) {
    String[] arguments = new String[options.length + 4];
    System.arraycopy(new String[] {"translate", DYN, "--output", "json"}, 0, arguments, 0, 4);
    System.arraycopy(options, 0, arguments, 4, options.length);
    Run run = Run.of(arguments);
    assertEquals(0, run.status(), run.err());
    return run.out().lines().toList();
  }

  /// How many events trace-cmd found.
  private static long events(String golden) throws IOException {
    return text(golden).lines().filter(line -> line.contains("] ")).count();
  }

  private static String text(String golden) throws IOException {
    return new String(bytes(golden), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in =
        new ZstdInputStream(Files.newInputStream(SAMPLES.resolve(AMD64 + name)))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      in.transferTo(out);
      return out.toByteArray();
    }
  }
}
