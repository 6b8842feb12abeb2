package dev.tracery.render.line;

import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// The traces that were recorded on one kernel, with what others print of them: of
/// `it-tests/samples`, or of the whole corpus.
record RecordedKernel(Path folder) {

  private static final Path SAMPLES = Path.of("..", "it-tests", "samples");

  /// The kernels of the samples.
  static List<RecordedKernel> samples() {
    return in(SAMPLES);
  }

  /// The kernels of the corpus if it is there and wanted, else those of the samples.
  static List<RecordedKernel> all() {
    String corpus = System.getProperty("tracery.corpus", "");
    return corpus.isEmpty() ? samples() : in(Path.of(corpus));
  }

  private static List<RecordedKernel> in(Path root) {
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("traces")))
          .sorted()
          .map(RecordedKernel::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return folder.getFileName().toString();
  }

  Path formats() {
    return folder.resolve("formats.tar.zst");
  }

  Path trace(String file) {
    return folder.resolve("traces").resolve(file);
  }

  /// The names of the `trace.dat` files, without their endings.
  List<String> traces() {
    try (Stream<Path> files = Files.list(folder.resolve("traces"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".dat.zst"))
          .map(file -> file.substring(0, file.length() - ".dat.zst".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Unpacks the files of `rawsched` or `rawall`.
  void unpackPages(String name, Path to) throws IOException {
    Path packed = trace(name + ".tar.zst");
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ZstdInputStream(Files.newInputStream(packed)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile()) {
          Path file = Path.of(entry.getName()).getFileName();
          Files.write(to.resolve(file), tar.readAllBytes());
        }
      }
    }
  }

  /// The bytes of a packed file.
  static byte[] unpacked(Path file) throws IOException {
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  /// Lines of a text, without their line feeds. Bytes become characters one by one.
  static List<String> lines(byte[] text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '\n') {
        lines.add(new String(text, start, i - start, StandardCharsets.ISO_8859_1));
        start = i + 1;
      }
    }
    if (start < text.length) {
      lines.add(new String(text, start, text.length - start, StandardCharsets.ISO_8859_1));
    }
    return lines;
  }

  @Override
  public String toString() {
    return name();
  }
}
