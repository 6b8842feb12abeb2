package dev.tracery.bench;

import dev.tracery.it.SampleKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs [CompileBenchmark] with JMH and puts its times beside libtraceevent's.
final class CompileRun {

  private static final int FORKS = 2;
  private static final int WARMUP = 40;
  private static final int MEASURED = 30;

  private CompileRun() {}

  static Report run(Path folder) throws IOException, InterruptedException, RunnerException {
    SampleKernel kernel = SampleKernel.read(SampleKernel.AMD64_6_1);
    LibtraceeventPeer.build(folder, kernel);
    Path peerTimes = folder.resolve(CompileBenchmark.PEER_TIMES);
    Files.deleteIfExists(peerTimes);
    Options options =
        new OptionsBuilder()
            .include(CompileBenchmark.class.getName())
            .forks(FORKS)
            .warmupIterations(WARMUP)
            .measurementIterations(MEASURED)
            .jvmArgs(
                "-XX:+UseSerialGC",
                "-Xms1g",
                "-Xmx1g",
                "--sun-misc-unsafe-memory-access=allow",
                "-D" + CompileBenchmark.FOLDER + "=" + folder)
            .resultFormat(ResultFormatType.JSON)
            .result(folder.resolve("compile-jmh.json").toString())
            .build();
    List<Double> ours = new ArrayList<>();
    for (RunResult run : new Runner(options).run()) {
      for (BenchmarkResult fork : run.getBenchmarkResults()) {
        for (IterationResult iteration : fork.getIterationResults()) {
          ours.add(iteration.getPrimaryResult().getScore());
        }
      }
    }
    List<Double> peers = measured(Files.readAllLines(peerTimes));
    double our = new Samples(ours).median();
    double peer = new Samples(peers).median();
    String version = "libtraceevent " + LibtraceeventPeer.version();
    return new Report(
        "compile",
        "Parse and compile all formats of one kernel, one thread, warm",
        List.of(
            "%s: %,d formats, %,d bytes."
                .formatted(
                    kernel.id(),
                    kernel.formats().size(),
                    kernel.formats().values().stream().mapToInt(text -> text.length).sum()),
            "Tracery: text to layout, schema, descriptor and decode plan. The peer: text to tep_event only.",
            "JMH, %d forks, %d warm-up and %d measured iterations each, serial collector; the peer runs once before each."
                .formatted(FORKS, WARMUP, MEASURED)),
        List.of(
            new Row(
                "one kernel, median",
                "ms",
                our,
                new Row.Peer(version, peer, our / peer),
                new Row.Target("at most 0.50 of the peer's", our / peer <= 0.5)),
            new Row(
                "one kernel, best",
                "ms",
                new Samples(ours).best(),
                new Row.Peer(
                    version,
                    new Samples(peers).best(),
                    new Samples(ours).best() / new Samples(peers).best()),
                null)),
        Map.of("tracery", ours, "libtraceevent", peers));
  }

  /// The times of the measured iterations of all forks.
  private static List<Double> measured(List<String> lines) {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (i % (WARMUP + MEASURED) >= WARMUP) {
        times.add(Double.parseDouble(lines.get(i)));
      }
    }
    return times;
  }
}
