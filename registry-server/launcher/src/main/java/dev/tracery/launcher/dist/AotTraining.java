package dev.tracery.launcher.dist;

import dev.tracery.launcher.Distribution;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Makes the AOT caches of a distribution: runs the server and a command against it once, and lets
/// the JVM keep what it loaded and compiled (JEP 483, 514, 515). A JVM that finds a cache stale
/// starts without it, so that failing to make one is no error.
final class AotTraining {
  private static final long STEP_SECONDS = 300;

  private final Distribution distribution;
  private final Path trace;
  private final Path caches;

  /// @param trace a trace that `tracery translate` reads
  AotTraining(Distribution distribution, Path trace) {
    this.distribution = distribution;
    this.trace = trace;
    this.caches = distribution.home().resolve("aot");
  }

  /// Writes `aot/server.aot`, `aot/cli.aot`, `aot/translate.aot`, which has nothing but what the
  /// text of a trace needs and is read the faster for it, and `aot/jdk-release`, the JDK that they
  /// are for.
  void run() throws IOException, InterruptedException {
    Files.createDirectories(caches);
    Path data = Files.createTempDirectory("tracery-aot");
    try {
      train(data);
      Files.copy(
          Path.of(System.getProperty("java.home"), "release"),
          caches.resolve("jdk-release"),
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      delete(data);
    }
  }

  private void train(Path data) throws IOException, InterruptedException {
    Process server =
        command("server.aot", "serve", "--listen", "localhost:0", "--data", data.toString())
            .redirectError(data.resolve("errors").toFile())
            .start();
    try {
      String address = address(server.inputReader(), data.resolve("errors"));
      run("", List.of("batch"), commands(address));
      // Why: the files are in the page cache now, and the cache is for one process.
      run("cli.aot", List.of("batch"), commands(address));
      run("translate.aot", List.of("translate", trace.toString()), "");
    } finally {
      server.destroy();
      if (!server.waitFor(STEP_SECONDS, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    }
  }

  /// What people do first. Two kernels of one series make the server judge the second.
  private String commands(String address) throws IOException {
    StringBuilder commands = new StringBuilder();
    for (String sample : samples()) {
      line(commands, "register", "--server", address, "--series", "training", sample);
    }
    line(commands, "kernels", "--server", address);
    line(commands, "events", "--server", address, "--filter", "sched/*");
    line(commands, "show", "--server", address, "sched/sched_switch");
    line(commands, "translate", trace.toString());
    line(commands, "translate", trace.toString(), "--output", "json");
    line(commands, "translate", "--server", address, trace.toString());
    return commands.toString();
  }

  private static void line(StringBuilder commands, String... words) {
    commands.append(String.join("\t", words)).append('\n');
  }

  private List<String> samples() throws IOException {
    try (var samples = Files.list(distribution.samples())) {
      return samples
          .map(sample -> sample.resolve("formats.tar.zst"))
          .filter(sample -> sample.toString().contains("amd64") && Files.exists(sample))
          .sorted()
          .limit(2)
          .map(Path::toString)
          .toList();
    }
  }

  private static String address(BufferedReader output, Path errors) throws IOException {
    for (Optional<String> line = next(output); line.isPresent(); line = next(output)) {
      if (line.get().startsWith("listening on ")) {
        return line.get().substring("listening on ".length());
      }
    }
    throw new IOException("the server did not start: " + Files.readString(errors).strip());
  }

  private static Optional<String> next(BufferedReader output) throws IOException {
    return Optional.ofNullable(output.readLine());
  }

  /// @param cache the cache to make; empty for none
  /// @param input what the command reads
  private void run(String cache, List<String> arguments, String input)
      throws IOException, InterruptedException {
    Process process =
        command(cache, arguments.toArray(String[]::new))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var commands = process.outputWriter(StandardCharsets.UTF_8)) {
      commands.write(input);
    }
    if (!process.waitFor(STEP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  private ProcessBuilder command(String cache, String... arguments) {
    var command = new ArrayList<String>();
    command.add(distribution.script().toString());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    var environment = builder.environment();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put(
        "TRACERY_JAVA_OPTS",
        cache.isEmpty() ? "" : "-Xlog:disable -XX:AOTCacheOutput=" + caches.resolve(cache));
    return builder;
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
