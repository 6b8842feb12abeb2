package dev.tracery.trace;

import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The `perf.data` of the sample kernels.
final class PerfSamples {

  static final List<String> KERNELS =
      List.of(
          "debian-bullseye-5.10.0-46-amd64",
          "debian-bookworm-6.1.0-56-amd64",
          "debian-bookworm-6.1.0-50-s390x");

  private PerfSamples() {}

  private static Path file(String kernel, String name) {
    return Path.of("..", "it-tests", "samples", kernel, "traces", name);
  }

  static byte[] data(String kernel) throws IOException {
    try (InputStream in =
        new ZstdInputStream(Files.newInputStream(file(kernel, "perf.data.zst")))) {
      return in.readAllBytes();
    }
  }

  /// What `perf script` printed of it.
  static List<PerfScriptLine> script(String kernel) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new ZstdInputStream(Files.newInputStream(file(kernel, "perf.script.full.txt.zst"))),
                StandardCharsets.UTF_8))) {
      return in.lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .map(PerfScriptLine::parse)
          .toList();
    }
  }
}
