package dev.tracery.trace;

import dev.tracery.compiler.input.EventFormatFile;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Recorded traces with what others say of them: the samples, and the corpus where it is (system
/// property `tracery.corpus`).
public final class TraceSamples {

  static final Path SAMPLES = Path.of("..", "it-tests", "samples");
  private static final Path CORPUS =
      Path.of(
          System.getProperty("tracery.corpus", Path.of("..", "..", "shared", "corpus").toString()));
  private static final Pattern ID = Pattern.compile("^ID: (\\d+)$", Pattern.MULTILINE);

  private TraceSamples() {}

  /// The folders of kernels: the corpus's, which has what the samples have, or the samples'.
  static List<Path> kernels() {
    return kernels(Files.isDirectory(CORPUS) ? CORPUS : SAMPLES);
  }

  private static List<Path> kernels(Path root) {
    try (Stream<Path> folders = Files.list(root)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path kernel(String part) {
    return kernels(SAMPLES).stream()
        .filter(kernel -> kernel.getFileName().toString().contains(part))
        .findFirst()
        .orElseThrow();
  }

  /// Every `trace.dat`, compressed.
  public static List<Path> traces() {
    return ending(kernels(), ".dat.zst");
  }

  /// Every `trace.dat` of the samples, compressed.
  public static List<Path> sampleTraces() {
    return ending(kernels(SAMPLES), ".dat.zst");
  }

  /// Every `trace.dat` and `perf.data` of the samples, compressed.
  public static List<Path> allSamples() {
    List<Path> all = new ArrayList<>(sampleTraces());
    all.addAll(ending(kernels(SAMPLES), "perf.data.zst"));
    return all;
  }

  /// Every `rawsched` and `rawall`.
  static List<Path> rawPages() {
    return ending(kernels(), ".tar.zst");
  }

  private static List<Path> ending(List<Path> kernels, String end) {
    List<Path> found = new ArrayList<>();
    for (Path kernel : kernels) {
      try (Stream<Path> files = Files.list(kernel.resolve("traces"))) {
        files.filter(file -> file.toString().endsWith(end)).sorted().forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  static InputStream unpacking(Path zst) throws IOException {
    return new ZstdInputStream(Files.newInputStream(zst));
  }

  public static byte[] unpacked(Path zst) throws IOException {
    try (InputStream in = unpacking(zst)) {
      return in.readAllBytes();
    }
  }

  /// Unpacks a tar's files into a folder, without the folder they are in.
  static void unpackTar(Path zst, Path folder) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(unpacking(zst))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile()) {
          Path name = Path.of(entry.getName()).getFileName();
          Files.write(folder.resolve(name), tar.readAllBytes());
        }
      }
    }
  }

  /// Names of events by `common_type`.
  static Map<Integer, String> names(TraceContent content) {
    Map<Integer, String> names = new HashMap<>();
    for (EventFormatFile file : content.kernel().events()) {
      Matcher id = ID.matcher(new String(file.text(), StandardCharsets.ISO_8859_1));
      if (id.find()) {
        names.put(Integer.valueOf(id.group(1)), file.event().name());
      }
    }
    return names;
  }
}
