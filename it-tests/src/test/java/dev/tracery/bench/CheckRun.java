package dev.tracery.bench;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.KernelCheck;
import dev.tracery.client.Registration;
import dev.tracery.client.TraceryClient;
import dev.tracery.it.Folders;
import dev.tracery.it.SampleKernel;
import dev.tracery.it.ServerProcess;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.DeclareConsumerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Checks real kernels against their predecessor and 10,000 requirements, over gRPC with a real
/// server. Times are the client's, from the first call to the report; hashes are computed before.
final class CheckRun {

  private static final int CONSUMERS = 500;
  private static final int REQUIREMENTS = 20;
  private static final int WARM_UP = 30;
  private static final int ROUNDS = 60;
  private static final int UNKNOWN_ROUNDS = 5;
  private static final String SERIES = "debian-amd64";
  private static final String NEW = "debian-trixie-6.12.117-amd64";

  private CheckRun() {}

  static Report run(Path folder) throws IOException, InterruptedException {
    SampleKernel before = SampleKernel.read(SampleKernel.AMD64_6_1);
    SampleKernel real = SampleKernel.read(NEW);
    VariedKernel.Hashes hashes = new VariedKernel.Hashes();
    Path data = folder.resolve("check");
    Folders.delete(data);
    Files.createDirectories(data);
    List<Double> unknown = new ArrayList<>();
    List<Double> same = new ArrayList<>();
    List<Double> varied = new ArrayList<>();
    List<Double> noConsumers = new ArrayList<>();
    int findings;
    double cpu;
    try (ServerProcess server = ServerProcess.start(data);
        TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      client.register(in(SERIES, KernelVariations.unvaried(before).registration(hashes)));
      Registration candidate = KernelVariations.unvaried(real).registration(hashes);
      KernelVariations builds = new KernelVariations(real, List.of(real), 7);
      for (int i = 0; i < UNKNOWN_ROUNDS; i++) {
        noConsumers.add(millis(client, candidate));
      }
      declare(client, before);
      for (int i = 0; i < UNKNOWN_ROUNDS; i++) {
        unknown.add(millis(client, candidate));
      }
      // Another series has it, so its layouts are known.
      client.register(in("elsewhere", candidate));
      for (int i = 0; i < WARM_UP; i++) {
        millis(client, builds.nextWithKnownLayouts().registration(hashes));
      }
      double cpuBefore = cpuMillis(server);
      for (int i = 0; i < ROUNDS; i++) {
        same.add(millis(client, candidate));
        varied.add(millis(client, builds.nextWithKnownLayouts().registration(hashes)));
      }
      cpu = (cpuMillis(server) - cpuBefore) / (2 * ROUNDS);
      findings = check(client, candidate).getFindingCount();
      server.stop();
    }
    Folders.delete(data);
    return new Report(
        "check",
        "Check a kernel against its predecessor and 10,000 requirements",
        List.of(
            "%s, %,d events, against %s; %,d findings."
                .formatted(NEW, real.formats().size(), before.id(), findings),
            "%d consumers with %d requirements each, generated over the predecessor's events and fields: by name, by offset, by position, and the printed text's keys; declared."
                .formatted(CONSUMERS, REQUIREMENTS),
            "gRPC on loopback, one call at a time; the whole call, which asks for unknown layouts first. Warm: after %d checks. Another build each time: other ids, release, build string, and up to two modules fewer; layouts are known to the registry, and what it remembers of two layouts it may use."
                .formatted(WARM_UP)),
        List.of(
            Row.below(
                100, "warm, another build each time, median", "ms", new Samples(varied).median()),
            Row.of("warm, another build each time, p90", "ms", new Samples(varied).percentile(90)),
            Row.below(100, "warm, the same kernel, median", "ms", new Samples(same).median()),
            Row.of("warm, the same kernel, p90", "ms", new Samples(same).percentile(90)),
            Row.of("warm, server's CPU a check, mean", "ms", cpu),
            Row.of("layouts unknown to the registry, median", "ms", new Samples(unknown).median()),
            Row.of(
                "layouts unknown, no consumers, just started, median",
                "ms",
                new Samples(noConsumers).median())),
        Map.of(
            "another build, ms", varied,
            "the same kernel, ms", same,
            "unknown layouts, ms", unknown,
            "no consumers, ms", noConsumers));
  }

  private static Registration in(String series, Registration kernel) {
    return new Registration(
        kernel.identity(), Optional.of(series), false, kernel.events(), Optional.empty());
  }

  private static void declare(TraceryClient client, SampleKernel kernel) {
    for (var consumer : new GeneratedConsumers(kernel, 42).make(CONSUMERS, REQUIREMENTS)) {
      client.declare(DeclareConsumerRequest.newBuilder().setConsumer(consumer).build());
    }
  }

  /// Processor time of the whole server: what is left to compare when the machine is busy.
  private static double cpuMillis(ServerProcess server) {
    return server.process().info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
  }

  private static double millis(TraceryClient client, Registration candidate) {
    long begin = System.nanoTime();
    CompatibilityReport report = check(client, candidate);
    double millis = (System.nanoTime() - begin) / 1e6;
    if (!report.hasPredecessor()) {
      throw new IllegalStateException("nothing was compared");
    }
    return millis;
  }

  private static CompatibilityReport check(TraceryClient client, Registration candidate) {
    return client
        .check(new KernelCheck(candidate.identity(), SERIES, candidate.events(), Optional.empty()))
        .getReport();
  }
}
