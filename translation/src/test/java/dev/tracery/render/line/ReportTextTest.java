package dev.tracery.render.line;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Our text of every `trace.dat` is what `trace-cmd report` prints, with libtraceevent's plugins
/// and without, but for the differences of `report-differences.txt`, each of which is needed. With
/// `-Dtracery.corpus=FOLDER` of every trace there, else of the samples.
class ReportTextTest {

  @TestFactory
  Stream<DynamicTest> reports_are_equal_but_for_known_differences() throws IOException {
    DifferenceList differences = new DifferenceList("report-differences.txt");
    List<DynamicTest> tests = new ArrayList<>();
    for (RecordedKernel kernel : RecordedKernel.all()) {
      for (String trace : kernel.traces()) {
        tests.add(dynamicTest(kernel + "/" + trace, () -> compare(kernel, trace, differences)));
      }
    }
    tests.add(dynamicTest("every entry is needed", differences::assertEveryEntryIsNeeded));
    return tests.stream();
  }

  private static void compare(RecordedKernel kernel, String trace, DifferenceList differences)
      throws IOException {
    List<TextLine> ours = TextLine.of(ours(kernel.trace(trace + ".dat.zst")));
    Path plugins = kernel.trace(trace + ".report.txt.zst");
    Path plain = kernel.trace(trace + ".report-noplugins.txt.zst");
    // Why: where both are the same there is one file.
    if (Files.exists(plugins) && Files.exists(plain)) {
      compare(kernel, trace, "plugins", plugins, ours, differences);
    }
    compare(kernel, trace, "plain", Files.exists(plain) ? plain : plugins, ours, differences);
  }

  private static void compare(
      RecordedKernel kernel,
      String trace,
      String text,
      Path golden,
      List<TextLine> ours,
      DifferenceList differences)
      throws IOException {
    List<TextLine> theirs = TextLine.of(RecordedKernel.lines(RecordedKernel.unpacked(golden)));
    int known = differences.compare(kernel.name(), trace, text, theirs, ours);
    System.out.printf(
        "%s/%s, %s: %d lines, %d of them differ as known%n",
        kernel, trace, text, theirs.size(), known);
  }

  private static List<String> ours(Path file) throws IOException {
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
}
