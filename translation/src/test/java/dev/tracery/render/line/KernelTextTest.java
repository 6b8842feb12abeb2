package dev.tracery.render.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.tracery.render.KernelTables;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.translate.EventTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Our text of raw pages is the kernel's own text of the same records, head and all, but for what
/// `kernel-differences.txt` lists: mostly what is nowhere in the pages.
class KernelTextTest {

  /// Kernels whose own text is wrong, as the samples' README says: strings are missing, and in
  /// `rawall` whole lines.
  private static final Pattern FAULTY = Pattern.compile("6\\.1\\.0-56-amd64|s390x");

  private static final Pattern LOST = Pattern.compile("CPU:(\\d) \\[LOST (\\d+ )?EVENTS\\]");
  private static final Pattern OVERRUN = Pattern.compile("overrun: (\\d+)");

  private static final Pattern LAST_HEAD =
      Pattern.compile(".{16}-\\d+ +\\([ \\d-]{7}\\) \\[\\d+\\] \\S{5} +\\d+\\.\\d+: $");

  @TestFactory
  Stream<DynamicTest> text_is_the_kernels_own_but_for_known_differences(@TempDir Path folder)
      throws IOException {
    DifferenceList differences = new DifferenceList("kernel-differences.txt");
    List<DynamicTest> tests = new ArrayList<>();
    for (RecordedKernel kernel : RecordedKernel.all()) {
      for (String trace : List.of("rawsched", "rawall")) {
        tests.add(
            dynamicTest(
                kernel + "/" + trace,
                () ->
                    compare(kernel, trace, Files.createTempDirectory(folder, trace), differences)));
      }
    }
    tests.add(dynamicTest("every entry is needed", differences::assertEveryEntryIsNeeded));
    return tests.stream();
  }

  private static void compare(
      RecordedKernel kernel, String trace, Path folder, DifferenceList differences)
      throws IOException {
    kernel.unpackPages(trace, folder);
    List<String> text = RecordedKernel.lines(Files.readAllBytes(folder.resolve("trace.txt")));
    // Why: how many entries there are is known only at the end.
    int entries = text.indexOf("# tracer: nop") + 2;
    text = new ArrayList<>(text);
    text.subList(entries, entries + 2).clear();
    List<TextLine> theirs = TextLine.of(text);
    List<TextLine> ours = TextLine.of(ours(kernel, folder, trace.equals("rawall")));
    assertEquals(overruns(folder), lost(ours, overruns(folder)));
    // Why: the file `trace` says nothing of what was overwritten before its first record.
    ours = ours.stream().filter(line -> !LOST.matcher(line.head()).matches()).toList();
    String which = "good";
    if (FAULTY.matcher(kernel.name()).find()) {
      which = "faulty";
      theirs = theirs.stream().map(KernelTextTest::last).toList();
      ours = onlyThose(theirs, ours);
    }
    int known = differences.compare(kernel.name(), trace, which, theirs, ours);
    System.out.printf(
        "%s/%s: %d lines, %d of them differ as known%n", kernel, trace, theirs.size(), known);
  }

  /// What `cpuN.stats` says: how many records each CPU lost, by its number.
  private static Map<Integer, String> overruns(Path folder) throws IOException {
    Map<Integer, String> overruns = new TreeMap<>();
    for (int cpu = 0; cpu < 2; cpu++) {
      Matcher overrun = OVERRUN.matcher(Files.readString(folder.resolve("cpu" + cpu + ".stats")));
      if (overrun.find() && !overrun.group(1).equals("0")) {
        overruns.put(cpu, overrun.group(1));
      }
    }
    return overruns;
  }

  /// The same as our lines say it. A page that is full has no room for the number.
  private static Map<Integer, String> lost(List<TextLine> lines, Map<Integer, String> unknown) {
    Map<Integer, String> all = new TreeMap<>();
    for (TextLine line : lines) {
      Matcher lost = LOST.matcher(line.head());
      if (lost.matches()) {
        Integer cpu = Integer.valueOf(lost.group(1));
        String count = lost.group(2) == null ? unknown.get(cpu) : lost.group(2).strip();
        all.merge(cpu, String.valueOf(count), (one, more) -> one + " and " + more);
      }
    }
    return all;
  }

  /// Lines of which the end is lost run into the next one, which is kept.
  private static TextLine last(TextLine line) {
    Matcher head = LAST_HEAD.matcher(line.head());
    return head.find() ? new TextLine(head.group(), line.event(), line.text()) : line;
  }

  /// Ours without those that the kernel lost. Its lines have all a line of ours with the same head
  /// and event, in the same order.
  private static List<TextLine> onlyThose(List<TextLine> theirs, List<TextLine> ours) {
    List<TextLine> kept = new ArrayList<>();
    int at = 0;
    for (TextLine their : theirs) {
      int next = at;
      while (next < ours.size() && !sameRecord(their, ours.get(next))) {
        next++;
      }
      if (next < ours.size()) {
        kept.add(ours.get(next));
        at = next + 1;
      }
    }
    return kept;
  }

  private static boolean sameRecord(TextLine their, TextLine our) {
    return their.head().equals(our.head()) && their.event().equals(our.event());
  }

  private static List<String> ours(RecordedKernel kernel, Path folder, boolean overwritten)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LineOptions options =
        new LineOptions(
            LineStyle.FTRACE, Files.readAllBytes(folder.resolve("saved_tgids")), overwritten);
    byte[] strings = Files.readAllBytes(folder.resolve("printk_formats"));
    try (Trace trace = Traces.openPages(folder, kernel.formats(), TraceLimits.DEFAULT);
        RecordCursor records = trace.records(RecordFilter.ALL)) {
      new TraceText(
              trace.content(),
              EventTypes.interpreted(trace.content()),
              KernelTables.of(symbols(kernel), strings),
              options)
          .write(records, out);
    }
    return RecordedKernel.lines(out.toByteArray());
  }

  /// All the kernel's symbols where they were kept, else those that a `trace.dat` of the same boot
  /// has: functions of the kernel and of some modules.
  private static byte[] symbols(RecordedKernel kernel) throws IOException {
    Path kallsyms = kernel.folder().resolve("kallsyms.zst");
    if (Files.exists(kallsyms)) {
      return RecordedKernel.unpacked(kallsyms);
    }
    Path file = kernel.trace(kernel.traces().getFirst() + ".dat.zst");
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT)) {
      return trace.content().symbols();
    }
  }
}
