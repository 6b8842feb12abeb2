package dev.tracery.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The script `run` of a client library, which clients/README.md describes.
///
/// @param client the folder's name: `python`
public record ClientScript(String client) {

  /// All client libraries.
  public static final List<String> CLIENTS =
      List.of("java", "python", "go", "rust", "cpp", "typescript");

  private static final Path ALL = Path.of("..", "clients").toAbsolutePath().normalize();
  private static final Path OUTPUT = Path.of("target", "clients").toAbsolutePath();
  private static final int TAIL_LINES = 40;

  /// The exit status of a script whose toolchain is not there.
  public static final int NO_TOOLCHAIN = 3;

  /// How a script ended.
  ///
  /// @param out what it printed to standard output
  /// @param log the end of what it printed to standard error, and of `out`
  public record Ended(int status, String out, String log) {

    /// This, if the script did what it was told.
    public Ended fine() {
      if (status != 0) {
        throw new AssertionError("exit status " + status + "\n" + log);
      }
      return this;
    }
  }

  /// The script itself.
  public Path file() {
    return ALL.resolve(client).resolve("run");
  }

  /// Runs it to its end, or kills it and all that it started.
  ///
  /// @param step names the files that its output goes to: `target/clients/CLIENT-STEP.out` and
  ///   `.err`
  public Ended run(String step, Duration most, Map<String, String> environment, String... words) {
    List<String> command = new ArrayList<>(List.of(file().toString()));
    command.addAll(List.of(words));
    try {
      Files.createDirectories(OUTPUT);
      Path out = OUTPUT.resolve(client + "-" + step + ".out");
      Path err = OUTPUT.resolve(client + "-" + step + ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(Distribution.NOTHING)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(most.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        kill(process);
      }
      String said = "%s\n%s\n%s\n%s".formatted(err, tail(err), out, tail(out));
      if (!ended) {
        throw new AssertionError(
            "%s did not end within %d seconds and was killed\n%s"
                .formatted(command, most.toSeconds(), said));
      }
      return new Ended(process.exitValue(), Files.readString(out), command + "\n" + said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// How the programs of the clients are told of a kernel: `RELEASE BUILD MACHINE BITS ORDER
  /// PAGE_SIZE`.
  public static List<String> arguments(SampleKernel kernel) {
    return List.of(
        kernel.identity().release(),
        kernel.identity().build(),
        kernel.identity().machine(),
        Integer.toString(8 * kernel.identity().target().wordSize().bytes()),
        kernel.identity().target().byteOrder().word(),
        Integer.toString(kernel.identity().pageSize()));
  }

  private static void kill(Process process) throws InterruptedException {
    // Why first a list: children of a process that has ended are nobody's.
    List<ProcessHandle> all = process.descendants().toList();
    process.destroyForcibly().waitFor();
    all.forEach(ProcessHandle::destroyForcibly);
  }

  private static String tail(Path file) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }
}
