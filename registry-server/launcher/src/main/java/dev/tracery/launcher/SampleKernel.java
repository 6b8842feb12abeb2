package dev.tracery.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A kernel that ships with the project: its formats, and what `tracery register` must be told.
///
/// @param flags the flags that the formats cannot tell, with their values
/// @param bytes the size of the formats, compressed
record SampleKernel(String id, Path formats, long bytes, Map<String, String> flags) {

  // Why: kernel.json is a flat object that the project itself wrote; a JSON library on the server's
  // class path would cost start-up time.
  private static final Pattern MEMBER =
      Pattern.compile("\"(\\w+)\": *(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([0-9]+))");

  /// The numbers of the release: 6, 1, 0, 56.
  private int[] version() {
    return Pattern.compile("[0-9]+")
        .matcher(flags.getOrDefault("--release", ""))
        .results()
        .mapToInt(number -> Integer.parseInt(number.group()))
        .limit(4)
        .toArray();
  }

  /// The kernels in `directory`, oldest release first, so that they follow each other in their
  /// series; none if there is no such directory.
  static List<SampleKernel> in(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    var kernels = new ArrayList<SampleKernel>();
    try (var entries = Files.list(directory)) {
      for (Path entry : entries.sorted().toList()) {
        Path formats = entry.resolve("formats.tar.zst");
        if (Files.exists(formats)) {
          Map<String, String> flags = flags(Files.readString(entry.resolve("kernel.json")));
          Path btf = entry.resolve("btf-vmlinux.zst");
          if (Files.exists(btf)) {
            flags.put("--btf", btf.toString());
          }
          kernels.add(
              new SampleKernel(
                  entry.getFileName().toString(), formats, Files.size(formats), flags));
        }
      }
    }
    kernels.sort(Comparator.comparing(SampleKernel::version, Arrays::compare));
    return List.copyOf(kernels);
  }

  private static Map<String, String> flags(String json) {
    var members = new TreeMap<String, String>();
    var matcher = MEMBER.matcher(json);
    while (matcher.find()) {
      String text = matcher.group(2);
      members.put(
          matcher.group(1),
          text == null ? matcher.group(3) : text.replaceAll("\\\\([\"\\\\/])", "$1"));
    }
    var flags = new TreeMap<String, String>();
    flags.put("--series", "debian-" + members.getOrDefault("arch", "other"));
    FLAGS.forEach((flag, member) -> {
      String value = members.get(member);
      if (value != null) {
        flags.put(flag, value);
      }
    });
    return flags;
  }

  private static final Map<String, String> FLAGS =
      Map.of(
          "--release", "release",
          "--machine", "machine",
          "--word-size", "bits",
          "--byte-order", "endian",
          "--page-size", "page_size");
}
