package dev.tracery.bench;

import dev.tracery.it.Distribution;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Measures `tracery translate FILE --output text` beside `trace-cmd report` of the same file:
/// whole processes, from start to end, in turn.
final class ReportRun {

  private static final Path SAMPLE =
      Path.of("samples", "debian-bullseye-5.10.0-46-amd64", "traces", "all.dat.zst");
  private static final int ROUNDS = 7;
  private static final List<Integer> TIMES = List.of(25, 100);
  private static final File NOWHERE = new File("/dev/null");

  private ReportRun() {}

  static Report run(Path folder) throws IOException, InterruptedException {
    byte[] original;
    try (InputStream in = new ZstdInputStream(Files.newInputStream(SAMPLE))) {
      original = in.readAllBytes();
    }
    List<Row> rows = new ArrayList<>();
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    for (int times : TIMES) {
      Path trace = folder.resolve("long.dat");
      LongTrace.write(original, times, trace);
      try {
        String size = "%.1f million events".formatted(lines(trace) / 1e6);
        rows.add(beside(size + ", one core", List.of("taskset", "-c", "0"), trace, samples));
        rows.add(beside(size + ", both cores", List.of(), trace, samples));
      } finally {
        Files.delete(trace);
      }
    }
    return new Report(
        "report",
        "A trace to text, the whole process",
        List.of(
            "All events of Debian's 5.10 (%s), its pages repeated 25 and 100 times."
                .formatted(SAMPLE),
            "`tracery translate FILE > /dev/null` and `trace-cmd report FILE > /dev/null`, %d times each, in turn."
                .formatted(ROUNDS)),
        rows,
        samples);
  }

  private static Row beside(
      String what, List<String> prefix, Path trace, Map<String, List<Double>> samples)
      throws IOException, InterruptedException {
    List<Double> ours = new ArrayList<>();
    List<Double> peers = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      double our = seconds(tracery(prefix, trace));
      double peer = seconds(traceCmd(prefix, trace));
      // Why: the first round reads the file into the page cache.
      if (round > 0) {
        ours.add(our);
        peers.add(peer);
        ratios.add(our / peer);
      }
    }
    samples.put(what, ours);
    samples.put(what + ", trace-cmd", peers);
    double ratio = new Samples(ratios).median();
    return new Row(
        what,
        "s",
        new Samples(ours).median(),
        new Row.Peer("trace-cmd report", new Samples(peers).median(), ratio),
        new Row.Target("3 times faster", ratio <= 1 / 3.0));
  }

  private static ProcessBuilder tracery(List<String> prefix, Path trace) {
    ProcessBuilder builder = Distribution.command(List.of("translate", trace.toString()));
    builder.command().addAll(0, prefix);
    return builder;
  }

  private static ProcessBuilder traceCmd(List<String> prefix, Path trace) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of("trace-cmd", "report", "-i", trace.toString()));
    return new ProcessBuilder(command);
  }

  private static double seconds(ProcessBuilder builder) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Process process = builder.redirectOutput(NOWHERE).redirectError(NOWHERE).start();
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException(builder.command() + " ended with status " + status);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private static long lines(Path trace) throws IOException {
    Process process =
        Distribution.command(List.of("translate", trace.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var lines = process.inputReader().lines()) {
      return lines.count();
    }
  }
}
