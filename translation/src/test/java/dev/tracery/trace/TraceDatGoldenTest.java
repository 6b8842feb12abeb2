package dev.tracery.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.model.ByteOrder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every record of every recorded `trace.dat`, beside what `trace-cmd report -R` printed.
class TraceDatGoldenTest {

  static List<Path> traces() {
    return TraceSamples.traces();
  }

  @ParameterizedTest
  @MethodSource("traces")
  void records_have_the_times_cpus_pids_and_events_that_trace_cmd_reports(Path file)
      throws IOException {
    Path golden = Path.of(file.toString().replace(".dat.zst", ".raw.txt.zst"));
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    TraceSamples.unpacking(golden), StandardCharsets.ISO_8859_1));
        RecordCursor records = trace.records(RecordFilter.ALL)) {
      Map<Integer, String> names = TraceSamples.names(trace.content());
      ByteOrder order = trace.content().target().byteOrder();
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String expected = RecordLine.ofReport(line);
        if (expected != null) {
          number++;
          assertTrue(records.advance(), "ends at " + expected);
          assertEquals(expected, RecordLine.of(records, order, names), "record " + number);
        }
      }
      assertTrue(number > 400, "only " + number + " records");
      assertEquals(false, records.advance(), "more than " + number + " records");
      assertEquals(List.of(), trace.problems().diagnostics());
      assertEquals(trace.size(), records.bytesRead());
    }
  }
}
