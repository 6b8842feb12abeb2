package dev.tracery.launcher.dist;

import dev.tracery.launcher.Distribution;
import java.io.BufferedReader;
import java.io.IOException;
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
  private static final long STEP_SECONDS = 120;

  private final Distribution distribution;
  private final Path caches;

  AotTraining(Distribution distribution) {
    this.distribution = distribution;
    this.caches = distribution.home().resolve("aot");
  }

  /// Writes `aot/server.aot`, `aot/cli.aot` and `aot/jdk-release`, the JDK that they are for.
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
      List<String> register = new ArrayList<>(List.of("register", "--server", address));
      register.addAll(sample());
      run("cli.aot", register.toArray(String[]::new));
      run("", "kernels", "--server", address);
      run("", "events", "--server", address, "--filter", "sched/*");
      run("", "show", "--server", address, "sched/sched_switch");
    } finally {
      server.destroy();
      if (!server.waitFor(STEP_SECONDS, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    }
  }

  private List<String> sample() throws IOException {
    try (var samples = Files.list(distribution.samples())) {
      return samples
          .map(sample -> sample.resolve("formats.tar.zst"))
          .filter(Files::exists)
          .sorted()
          .limit(1)
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

  private void run(String cache, String... arguments) throws IOException, InterruptedException {
    Process process =
        command(cache, arguments)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
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
