package dev.tracery.translate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Recorded traces of every kind that is one file: the samples, or the corpus where it is (system
/// property `tracery.corpus`), which has what the samples have.
final class RecordedTraces {

  private static final Path SAMPLES = Path.of("..", "it-tests", "samples");
  private static final Path CORPUS =
      Path.of(
          System.getProperty("tracery.corpus", Path.of("..", "..", "shared", "corpus").toString()));

  private RecordedTraces() {}

  static List<Path> all() {
    Path root = Files.isDirectory(CORPUS) ? CORPUS : SAMPLES;
    try (Stream<Path> files = Files.walk(root, 3)) {
      return files
          .filter(file ->
              file.toString().endsWith(".dat.zst") || file.toString().endsWith("perf.data.zst"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A trace of the samples.
  static Path sample(String kernel, String trace) {
    return SAMPLES.resolve(kernel).resolve("traces").resolve(trace);
  }
}
