package dev.tracery.bench;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.it.Distribution;
import dev.tracery.it.Folders;
import dev.tracery.it.SampleKernel;
import dev.tracery.it.ServerProcess;
import dev.tracery.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Registries with many kernels: the samples as they are, and builds that vary them.
final class ManyKernels {

  private static final long SEED = 7;

  private ManyKernels() {}

  /// The data of a registry with `count` kernels, made by the server itself unless an earlier run
  /// with the same bundles left it in `folder`.
  static Path data(Path folder, int count) throws IOException, InterruptedException {
    Path data = folder.resolve("kernels-" + count + "-" + bundles());
    if (Files.exists(data)) {
      return data;
    }
    Path unfinished = folder.resolve("kernels-" + count + ".unfinished");
    Folders.delete(unfinished);
    Files.createDirectories(unfinished);
    System.err.printf("registering %d kernels, once%n", count);
    try (ServerProcess server = ServerProcess.start(unfinished);
        TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      register(client, count);
      server.stop();
    }
    return Files.move(unfinished, data);
  }

  private static void register(TraceryClient client, int count) {
    List<SampleKernel> samples = SampleKernel.all();
    VariedKernel.Hashes hashes = new VariedKernel.Hashes();
    List<KernelVariations> lines = new ArrayList<>();
    int registered = 0;
    for (SampleKernel sample : samples) {
      if (registered++ < count) {
        client.register(KernelVariations.unvaried(sample).registration(hashes));
        lines.add(new KernelVariations(sample, samples, SEED + lines.size()));
      }
    }
    for (int i = registered; i < count; i++) {
      client.register(lines.get(i % lines.size()).next().registration(hashes));
      if (i % 100 == 0) {
        System.err.printf("  %d%n", i);
      }
    }
  }

  /// Changes when a bundle does.
  private static String bundles() throws IOException {
    MessageDigest digest = Sha256.digest();
    try (Stream<Path> jars = Files.list(Distribution.HOME.resolve("bundles"))) {
      for (Path jar : jars.sorted().toList()) {
        digest.update(jar.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(jar));
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 6);
  }
}
