package dev.tracery.bench;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TranslatedTrace;
import dev.tracery.it.Folders;
import dev.tracery.it.RawRecords;
import dev.tracery.it.Registrations;
import dev.tracery.it.SampleKernel;
import dev.tracery.it.ServerProcess;
import dev.tracery.v1.RawPagesSource;
import dev.tracery.v1.TraceItem;
import dev.tracery.v1.TranslateStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// From the first `Translate` of a registered kernel, in a server that has just started, until the
/// first event comes that the kernel's bundle has translated.
final class BundleRun {

  private static final String KERNEL = "debian-trixie-6.12.117-amd64";
  private static final int STARTS = 9;

  private BundleRun() {}

  /// One start.
  ///
  /// @param first until the first event
  /// @param processor that the server's process used meanwhile
  private record Measured(double first, double processor) {}

  static Report run(Path folder) throws IOException, InterruptedException {
    SampleKernel kernel = SampleKernel.read(KERNEL);
    Path home = Files.createTempDirectory(folder, "bundle");
    byte[] page =
        Arrays.copyOf(
            Files.readAllBytes(
                RawRecords.read(kernel, "rawsched", Files.createDirectory(home.resolve("raw")))
                    .folder()
                    .resolve("cpu0.raw")),
            kernel.identity().pageSize());
    Path data = home.resolve("data");
    try (ServerProcess server = ServerProcess.start(data);
        TraceryClient client = connect(server)) {
      client.register(Registrations.of(kernel));
      server.stop();
    }
    List<Double> first = new ArrayList<>();
    List<Double> processor = new ArrayList<>();
    for (int i = 0; i <= STARTS; i++) {
      Measured measured = measure(data, kernel, page);
      if (i > 0) {
        first.add(measured.first);
        processor.add(measured.processor);
      }
    }
    Folders.delete(home);
    double seconds = new Samples(first).median();
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    samples.put("first event, s", first);
    samples.put("processor, s", processor);
    return new Report(
        "bundle",
        "A kernel's bundle: made, installed and used by a server that has just started",
        List.of(
            "%s, all %,d events; the client sends a page of the ring buffer and waits for its first event."
                .formatted(KERNEL, kernel.formats().size()),
            "%d starts, the first not counted; the files are in the page cache. Elapsed time, and the processor time of the server's process meanwhile."
                .formatted(STARTS + 1)),
        List.of(
            Row.below(1.5, "first event by the bundle", "s", seconds),
            Row.of("processor time until then", "s", new Samples(processor).median())),
        samples);
  }

  private static Measured measure(Path data, SampleKernel kernel, byte[] page)
      throws InterruptedException {
    TranslateStart start =
        TranslateStart.newBuilder()
            .setRawPages(RawPagesSource.newBuilder().setKernel(kernel.identity().release()))
            .build();
    try (ServerProcess server = ServerProcess.start(data);
        TraceryClient client = connect(server)) {
      client.status();
      Duration before = cpu(server);
      long begin = System.nanoTime();
      while (!isByBundle(client, start, page)) {
        // A machine that is busy with other things: the stream did not wait so long.
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      double processor = cpu(server).minus(before).toNanos() / 1e9;
      server.stop();
      return new Measured(seconds, processor);
    }
  }

  /// Whether the bundle has translated the first event, for which this waits.
  private static boolean isByBundle(TraceryClient client, TranslateStart start, byte[] page) {
    try (TranslatedTrace trace = client.translate(start)) {
      trace.sendPages(0, page);
      boolean byBundle = false;
      for (TraceItem item = trace.next(); !item.hasEvents(); item = trace.next()) {
        byBundle = item.hasSchema() && !item.getSchema().getTranslator().equals("interpreter");
      }
      return byBundle;
    }
  }

  private static Duration cpu(ServerProcess server) {
    return server.process().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static TraceryClient connect(ServerProcess server) {
    return TraceryClient.connect(server.address(), ClientOptions.defaults());
  }
}
