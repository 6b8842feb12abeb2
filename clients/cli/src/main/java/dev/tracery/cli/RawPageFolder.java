package dev.tracery.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A folder with the ring buffer's pages of each CPU.
final class RawPageFolder {

  private static final Pattern FILE =
      Pattern.compile("(?:cpu(\\d{1,5})\\.raw|per_cpu/cpu(\\d{1,5})/trace_pipe_raw)");

  private RawPageFolder() {}

  /// The files by CPU.
  ///
  /// @throws CommandFailure if there are none
  static Map<Integer, Path> cpus(Path folder) throws IOException {
    Map<Integer, Path> cpus = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder, 3)) {
      files.forEach(file -> {
        Matcher name = FILE.matcher(folder.relativize(file).toString());
        if (name.matches()) {
          String cpu = name.group(1) == null ? name.group(2) : name.group(1);
          cpus.put(Integer.parseInt(cpu), file);
        }
      });
    }
    if (cpus.isEmpty()) {
      throw CommandFailure.wrongUse(
          folder + ": expected cpu0.raw, ... or per_cpu/cpu0/trace_pipe_raw, ... but found none");
    }
    return cpus;
  }
}
