package dev.tracery.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where figures were taken.
///
/// @param cpu the model, as `/proc/cpuinfo` has it
/// @param cores those that this process may use
/// @param memoryMegabytes of the machine
/// @param virtual whether a hypervisor is below
/// @param loadAverage of the last minute before the benchmarks: above 0.5 or so, something else was
///   running and the figures are worth less
public record Machine(
    String cpu,
    int cores,
    long memoryMegabytes,
    boolean virtual,
    String kernel,
    String jdk,
    double loadAverage) {

  /// This one, now.
  public static Machine thisOne() {
    String cpuinfo = read("/proc/cpuinfo");
    return new Machine(
        field(cpuinfo, "model name"),
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(field(read("/proc/meminfo"), "MemTotal").split(" ")[0]) / 1024,
        (" " + field(cpuinfo, "flags") + " ").contains(" hypervisor "),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
        Double.parseDouble(read("/proc/loadavg").split(" ")[0]));
  }

  @Override
  public String toString() {
    return "%s, %d cores%s, %d MB; %s; %s; load %.2f before the run"
        .formatted(
            cpu, cores, virtual ? " (virtual)" : "", memoryMegabytes, kernel, jdk, loadAverage);
  }

  private static String field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static String read(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
