package dev.tracery.it;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// One of the committed sample kernels, read without the project's own readers, so that it can
/// witness against them.
///
/// @param id its folder's name
/// @param identity the build is `uname -v`
/// @param formats the text of every format file below `events/`
public record SampleKernel(
    String id, KernelIdentity identity, SortedMap<EventName, byte[]> formats) {

  /// Where the samples are: Surefire and the benchmarks both run in the module's folder.
  public static final Path SAMPLES = Path.of("samples").toAbsolutePath();

  /// The kernel that the benchmarks compile.
  public static final String AMD64_6_1 = "debian-bookworm-6.1.0-56-amd64";

  /// The ids of all samples, sorted.
  public static List<String> ids() {
    try (Stream<Path> folders = Files.list(SAMPLES)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("kernel.json")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All samples, in the order of [#ids].
  public static List<SampleKernel> all() {
    return ids().stream().map(SampleKernel::read).toList();
  }

  /// The tar of the formats of a sample, as it is given to the commands.
  public static Path tar(String id) {
    return SAMPLES.resolve(id).resolve("formats.tar.zst");
  }

  /// Reads one sample.
  public static SampleKernel read(String id) {
    try {
      JsonObject about =
          JsonParser.parseString(Files.readString(SAMPLES.resolve(id).resolve("kernel.json")))
              .getAsJsonObject();
      SortedMap<EventName, byte[]> formats = new TreeMap<>();
      List<String> uname = new ArrayList<>();
      try (InputStream file = new BufferedInputStream(Files.newInputStream(tar(id)));
          TarArchiveInputStream tar = new TarArchiveInputStream(new ZstdInputStream(file))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          String[] path = entry.getName().replaceFirst("^\\./", "").split("/");
          if (path.length == 4 && path[0].equals("events") && path[3].equals("format")) {
            formats.put(new EventName(path[1], path[2]), tar.readAllBytes());
          } else if (path.length == 1 && path[0].equals("uname.txt")) {
            uname.add(new String(tar.readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
      return new SampleKernel(id, identity(about, uname.getFirst()), formats);
    } catch (IOException e) {
      throw new UncheckedIOException(id, e);
    }
  }

  private static KernelIdentity identity(JsonObject about, String uname) {
    String release = about.get("release").getAsString();
    String machine = about.get("machine").getAsString();
    // "Linux NODE RELEASE BUILD MACHINE ..."
    int build = uname.indexOf(release) + release.length() + 1;
    return new KernelIdentity(
        release,
        uname.substring(build, uname.indexOf(" " + machine, build)),
        machine,
        new Target(
            WordSize.ofBytes(about.get("bits").getAsInt() / 8),
            about.get("endian").getAsString().equals("big")
                ? ByteOrder.BIG_ENDIAN
                : ByteOrder.LITTLE_ENDIAN),
        about.get("page_size").getAsInt());
  }
}
