package dev.tracery.bench;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.Registration;
import dev.tracery.client.TraceryClient;
import dev.tracery.it.Folders;
import dev.tracery.it.SampleKernel;
import dev.tracery.it.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Registers a kernel that the registry has never seen, and siblings of it, over gRPC with a real
/// server. Times are the client's, from the first call to the acknowledgement; the hashes of the
/// layouts are computed before.
final class RegisterRun {

  private static final int ROUNDS = 5;
  private static final int SIBLINGS = 10;

  private RegisterRun() {}

  static Report run(Path folder) throws IOException, InterruptedException, SQLException {
    SampleKernel real = SampleKernel.read(SampleKernel.AMD64_6_1);
    List<Double> firstMillis = new ArrayList<>();
    List<Double> firstBytes = new ArrayList<>();
    List<Double> coldSiblingMillis = new ArrayList<>();
    List<Double> siblingMillis = new ArrayList<>();
    List<Double> siblingBytes = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      VariedKernel.Hashes hashes = new VariedKernel.Hashes();
      Registration first = KernelVariations.unvaried(real).registration(hashes);
      KernelVariations builds = new KernelVariations(real, List.of(real), round);
      List<Registration> siblings = new ArrayList<>();
      for (int i = 0; i < SIBLINGS; i++) {
        siblings.add(builds.nextWithKnownLayouts().registration(hashes));
      }
      Path data = folder.resolve("register");
      Folders.delete(data);
      Files.createDirectories(data);
      try (ServerProcess server = ServerProcess.start(data);
          TraceryClient client =
              TraceryClient.connect(server.address(), ClientOptions.defaults())) {
        client.status();
        StoreSize size = new StoreSize(data);
        long before = size.bytes();
        firstMillis.add(millis(client, first));
        long after = size.bytes();
        firstBytes.add((after - before) / 1024.0);
        for (int i = 0; i < SIBLINGS; i++) {
          before = after;
          double millis = millis(client, siblings.get(i));
          (i == 0 ? coldSiblingMillis : siblingMillis).add(millis);
          after = size.bytes();
          siblingBytes.add((after - before) / 1024.0);
        }
        server.stop();
      }
      Folders.delete(data);
    }
    Samples kib = new Samples(siblingBytes);
    return new Report(
        "register",
        "Register a kernel, and siblings whose layouts are all known",
        List.of(
            "%s, %,d events; siblings have another build string, other ids and up to two modules fewer."
                .formatted(real.id(), real.formats().size()),
            "%d servers, each with an empty registry and the default store, %d siblings each; gRPC on loopback; what is acknowledged is on disk."
                .formatted(ROUNDS, SIBLINGS),
            "Growth: pages in use of the SQLite file after a checkpoint of its log."),
        List.of(
            Row.of("first kernel, server just started", "ms", new Samples(firstMillis).median()),
            Row.of("first kernel, growth", "KiB", new Samples(firstBytes).median()),
            Row.below(
                100,
                "first sibling, server just started",
                "ms",
                new Samples(coldSiblingMillis).median()),
            Row.below(100, "later siblings", "ms", new Samples(siblingMillis).median()),
            Row.below(64, "sibling, growth", "KiB", kib.median()),
            Row.below(64, "sibling, largest growth", "KiB", kib.percentile(100))),
        Map.of(
            "first kernel, ms", firstMillis,
            "first kernel, KiB", firstBytes,
            "first sibling, ms", coldSiblingMillis,
            "later siblings, ms", siblingMillis,
            "sibling, KiB", siblingBytes));
  }

  private static double millis(TraceryClient client, Registration registration) {
    long begin = System.nanoTime();
    if (!client.register(registration).getCreated()) {
      throw new IllegalStateException("the kernel was there already");
    }
    return (System.nanoTime() - begin) / 1e6;
  }
}
