package dev.tracery.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.trace.TraceSamples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every field of every record of every recorded `trace.dat`, beside what `trace-cmd report -R`
/// printed. Messages are read with protobuf's own code. `golden-quirks.txt` lists where trace-cmd
/// is wrong; a line of it that is not needed is an error, too.
class GoldenValuesTest {

  static List<Path> traces() {
    return TraceSamples.traces();
  }

  @ParameterizedTest
  @MethodSource("traces")
  void messages_have_the_values_that_trace_cmd_reports(Path file) throws IOException {
    GoldenReport report = new GoldenReport(file);
    report.compare();
    assertEquals(List.of(), report.unexplained());
    assertEquals(listed(name(file)), report.quirks());
    assertTrue(report.records() > 400, "only " + report.records() + " records");
    assertTrue(report.values() > report.records(), "only " + report.values() + " values");
  }

  /// `debian-bookworm-6.1.0-56-amd64/net`.
  private static String name(Path file) {
    Path kernel = Objects.requireNonNull(file.toAbsolutePath().getParent()).getParent();
    return Objects.requireNonNull(kernel).getFileName()
        + "/"
        + file.getFileName().toString().replace(".dat.zst", "");
  }

  private static TreeSet<String> listed(String trace) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(GoldenValuesTest.class.getResourceAsStream("/golden-quirks.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(trace + " "))
          .map(line -> line.substring(trace.length() + 1))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
