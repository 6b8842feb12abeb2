package dev.tracery.compiler.input;

import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// One kernel of `it-tests/samples`, read with commons-compress, which the readers do not use.
record SampleKernel(Path folder) {

  private static final Path SAMPLES = Path.of("..", "it-tests", "samples");

  static List<SampleKernel> all() {
    try (Stream<Path> folders = Files.list(SAMPLES)) {
      return folders.filter(Files::isDirectory).sorted().map(SampleKernel::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SampleKernel named(String part) {
    return all().stream()
        .filter(kernel -> kernel.toString().contains(part))
        .findFirst()
        .orElseThrow();
  }

  Path formats() {
    return folder.resolve("formats.tar.zst");
  }

  Path trace(String file) {
    return folder.resolve("traces").resolve(file);
  }

  /// The traces that carry formats.
  List<Path> traces() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("traces"))) {
      return files
          .filter(file -> file.toString().matches(".*\\.(dat|data)\\.zst"))
          .sorted()
          .toList();
    }
  }

  /// What `kernel.json` says.
  KernelIdentity identity() throws IOException {
    String json = Files.readString(folder.resolve("kernel.json"));
    String version = string(json, "version");
    return new KernelIdentity(
        string(json, "release"),
        version.substring(version.indexOf(" #") + 1),
        string(json, "machine"),
        new Target(
            string(json, "bits").equals("64") ? WordSize.BITS_64 : WordSize.BITS_32,
            string(json, "endian").equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN),
        Integer.parseInt(string(json, "page_size")));
  }

  /// The formats below a folder of the tar, `events` or `dyn/events`.
  TreeMap<EventName, byte[]> tree(String root) throws IOException {
    TreeMap<EventName, byte[]> tree = new TreeMap<>();
    Pattern format = Pattern.compile("(?:\\./)?" + root + "/([^/]+)/([^/]+)/format");
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ZstdInputStream(Files.newInputStream(formats())))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Matcher path = format.matcher(entry.getName());
        if (path.matches()) {
          tree.put(new EventName(path.group(1), path.group(2)), tar.readAllBytes());
        }
      }
    }
    return tree;
  }

  static byte[] unpacked(Path zst) throws IOException {
    try (InputStream in = new ZstdInputStream(Files.newInputStream(zst))) {
      return in.readAllBytes();
    }
  }

  private static String string(String json, String key) {
    Matcher value = Pattern.compile("\"" + key + "\": (?:\"([^\"]*)\"|(\\d+))").matcher(json);
    if (!value.find()) {
      throw new IllegalArgumentException("no " + key);
    }
    return value.group(1) == null ? value.group(2) : value.group(1);
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
