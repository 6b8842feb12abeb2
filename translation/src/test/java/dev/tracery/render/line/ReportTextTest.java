package dev.tracery.render.line;

import static org.junit.jupiter.api.Assertions.assertAll;
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
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Our text of every `trace.dat` is what `trace-cmd report` prints, but for the differences of
/// `report-differences.txt`, each of which is needed. With `-Dtracery.corpus=FOLDER` of every trace
/// there, else of the samples.
class ReportTextTest {

  @TestFactory
  Stream<DynamicTest> reports_are_equal_but_for_known_differences() throws IOException {
    List<KnownDifference> differences = differences();
    Set<Integer> used = new HashSet<>();
    List<String> compared = new ArrayList<>();
    List<DynamicTest> tests = new ArrayList<>();
    for (RecordedKernel kernel : RecordedKernel.all()) {
      for (String trace : kernel.traces()) {
        tests.add(
            dynamicTest(
                kernel + "/" + trace,
                () -> {
                  compared.add(kernel + "/" + trace);
                  List<TextLine> ours = TextLine.of(text(kernel.trace(trace + ".dat.zst")));
                  compare(kernel, trace, true, ours, differences, used);
                  compare(kernel, trace, false, ours, differences, used);
                }));
      }
    }
    tests.add(
        dynamicTest(
            "every difference is needed", () -> everyDifferenceIsNeeded(differences, used, compared)));
    return tests.stream();
  }

  private static List<KnownDifference> differences() throws IOException {
    try (InputStream in = ReportTextTest.class.getResourceAsStream("report-differences.txt")) {
      return KnownDifference.read(RecordedKernel.lines(in.readAllBytes()));
    }
  }

  static List<String> text(Path file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT);
        RecordCursor records = trace.records(RecordFilter.ALL)) {
      new TraceText(
              trace.content(),
              EventTypes.interpreted(trace.content()),
              KernelTables.of(trace.content()),
              LineOptions.REPORT)
          .write(records, out);
    }
    return RecordedKernel.lines(out.toByteArray());
  }

  private static void compare(
      RecordedKernel kernel,
      String trace,
      boolean plugins,
      List<TextLine> ours,
      List<KnownDifference> differences,
      Set<Integer> used)
      throws IOException {
    Path golden = kernel.trace(trace + (plugins ? ".report.txt.zst" : ".report-noplugins.txt.zst"));
    if (!Files.exists(golden)) {
      return;
    }
    List<TextLine> theirs = TextLine.of(RecordedKernel.lines(RecordedKernel.unpacked(golden)));
    List<String> unexplained = new ArrayList<>();
    int lines = Math.min(ours.size(), theirs.size());
    for (int i = 0; i < lines; i++) {
      TextLine our = ours.get(i);
      TextLine their = theirs.get(i);
      if (!our.equals(their) && !explained(kernel, plugins, our, their, differences, used)) {
        unexplained.add(
            (i + 1) + "\n  theirs " + their + "\n  ours   " + our);
      }
    }
    assertAll(
        () -> assertEquals("", String.join("\n", unexplained.subList(0, Math.min(40, unexplained.size())))),
        () -> assertEquals(0, unexplained.size()),
        () -> assertEquals(theirs.size(), ours.size()));
  }

  private static boolean explained(
      RecordedKernel kernel,
      boolean plugins,
      TextLine our,
      TextLine their,
      List<KnownDifference> differences,
      Set<Integer> used) {
    if (!our.head().equals(their.head()) || !our.event().equals(their.event())) {
      return false;
    }
    for (KnownDifference difference : differences) {
      if (difference.explains(plugins, kernel.name(), their, our)) {
        used.add(difference.number());
        return true;
      }
    }
    return false;
  }

  private static void everyDifferenceIsNeeded(
      List<KnownDifference> differences, Set<Integer> used, List<String> compared) {
    List<String> unused = new ArrayList<>();
    for (KnownDifference difference : differences) {
      boolean shown = compared.stream().anyMatch(trace -> trace.contains(difference.seen()));
      if (shown && !used.contains(difference.number())) {
        unused.add("line " + difference.number() + " of " + difference.seen());
      }
    }
    assertEquals(List.of(), unused);
  }
}
