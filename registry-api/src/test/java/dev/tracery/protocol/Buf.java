package dev.tracery.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The `buf` command, which npm installs under `.tools/` as `scripts/buf` pins it. Without npm the
/// tests are skipped, in CI they fail.
final class Buf {

  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path PINNED = MODULE.resolve("../scripts/buf").normalize();
  private static final Path INSTALLED = MODULE.resolve("../.tools/buf").normalize();

  /// How a run of buf ended.
  record Outcome(int exit, String output) {}

  private final Path command;

  private Buf(Path command) {
    this.command = command;
  }

  static Buf install() throws IOException, InterruptedException {
    if (!isOnPath("npm")) {
      String problem = "npm is not on the PATH; buf, which checks the protocol, comes with it";
      return "true".equals(System.getenv("CI")) ? fail(problem) : abort(problem);
    }
    Path command = INSTALLED.resolve("node_modules/.bin/buf");
    Path lock = INSTALLED.resolve("package-lock.json");
    boolean fresh =
        Files.exists(command)
            && Files.exists(lock)
            && Files.mismatch(lock, PINNED.resolve("package-lock.json")) < 0;
    if (!fresh) {
      Files.createDirectories(INSTALLED);
      Files.deleteIfExists(lock);
      for (String file : List.of("package.json", ".npmrc")) {
        Files.copy(
            PINNED.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      Files.copy(PINNED.resolve("package-lock.json"), lock);
      // Why not `npm ci`: it refuses a lock that lacks the packages for platforms other than this.
      Outcome installed = run(INSTALLED, List.of("npm", "install", "--no-save", "--no-progress"));
      assertEquals(0, installed.exit(), () -> "npm install failed: " + installed.output());
    }
    return new Buf(command);
  }

  /// Runs buf in the repository's root.
  Outcome run(String... arguments) throws IOException, InterruptedException {
    return run(MODULE.resolve(".."), arguments);
  }

  Outcome run(Path directory, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(arguments));
    return run(directory, line);
  }

  private static Outcome run(Path directory, List<String> command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      return fail(command + " did not end");
    }
    return new Outcome(process.exitValue(), output);
  }

  private static boolean isOnPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
