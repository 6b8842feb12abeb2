package dev.tracery.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.decode.PlanInterpreter;
import dev.tracery.render.KernelTables;
import dev.tracery.render.TextBuffer;
import dev.tracery.render.line.LineOptions;
import dev.tracery.render.line.TraceText;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.FreshSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The text of every sample, beside what `perf script` printed.
class PerfTextTest {

  static final List<String> KERNELS = PerfSamples.KERNELS;

  private static final Pattern LINE =
      Pattern.compile(" *(.+)-(\\d+) +\\[(\\d+)\\] +\\d+\\.\\d+: (\\S+): *(.*)\n");

  @TempDir Path folder;

  @ParameterizedTest
  @FieldSource("KERNELS")
  void lines_have_the_names_and_texts_that_perf_script_prints(String kernel) throws IOException {
    List<PerfScriptLine> expected = sorted(PerfSamples.script(kernel));
    List<PerfScriptLine> found = sorted(found(kernel));
    assertEquals(expected.size(), found.size());
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      PerfScriptLine line = expected.get(i);
      PerfScriptLine beside =
          new PerfScriptLine(
              // Why: perf calls the idle thread swapper; these lines are as trace-cmd writes them.
              line.tid() == 0 ? "<idle>" : line.comm(),
              line.tid(),
              line.cpu(),
              line.microseconds(),
              line.event().substring(line.event().indexOf('/') + 1),
              line.text().strip());
      // Why: a thread that is gone already has no id in its last samples.
      if (line.tid() >= 0 && !beside.equals(found.get(i))) {
        differences.add(beside + " but found " + found.get(i));
      }
    }
    assertEquals(List.of(), differences);
  }

  /// perf script prints what has one time in the order of the file, and not always in that of time.
  private static List<PerfScriptLine> sorted(List<PerfScriptLine> lines) {
    return lines.stream().sorted(PerfTraceTest.BY_TIME).toList();
  }

  private List<PerfScriptLine> found(String kernel) throws IOException {
    Path file = Files.write(folder.resolve("perf.data"), PerfSamples.data(kernel));
    List<PerfScriptLine> lines = new ArrayList<>();
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT);
        RecordCursor cursor = trace.records(RecordFilter.ALL)) {
      EventTypes types =
          new EventTypes(
              trace.content(), new FreshSchemas(), (plan, _) -> new PlanInterpreter(plan));
      TraceText text =
          new TraceText(
              trace.content(), types, KernelTables.of(trace.content()), LineOptions.REPORT);
      TextBuffer out = new TextBuffer();
      while (cursor.advance()) {
        out.truncate(0);
        text.append(cursor, out);
        Matcher parts = LINE.matcher(out.toString());
        assertTrue(parts.matches(), out.toString());
        lines.add(
            new PerfScriptLine(
                parts.group(1),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                // Why: perf cuts the time to microseconds, trace-cmd rounds it.
                cursor.timestamp() / 1000,
                parts.group(4),
                parts.group(5)));
      }
    }
    return lines;
  }
}
