package dev.tracery.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A registry server: the packaged distribution as a child process, on a free port of its own. Ends
/// with the test that closes it, if not before.
public final class ServerProcess implements AutoCloseable {

  private static final String LISTENING = "listening on ";

  private final Process process;
  private final String address;
  private final double startSeconds;

  private ServerProcess(Process process, String address, double startSeconds) {
    this.process = process;
    this.address = address;
    this.startSeconds = startSeconds;
  }

  /// Starts a server on the registry in `data`, on a free port, and waits until it listens.
  ///
  /// @throws IllegalStateException with what the server said, if it ends instead
  public static ServerProcess start(Path data) {
    return start(data, "localhost:0");
  }

  /// The same on an address of the caller's, with more options.
  public static ServerProcess start(Path data, String listen, String... options) {
    try {
      Path errors = Files.createTempFile("tracery-serve", ".err");
      errors.toFile().deleteOnExit();
      return start(data, listen, errors, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same, with what the server says on standard error at the end of the file `errors`.
  public static ServerProcess start(Path data, String listen, Path errors, String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("serve", "--listen", listen, "--data", data.toString()));
    arguments.addAll(List.of(options));
    try {
      ProcessBuilder builder =
          Distribution.command(arguments)
              .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
              .redirectInput(Distribution.NOTHING);
      long begin = System.nanoTime();
      Process process = builder.start();
      BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(LISTENING)) {
          double seconds = (System.nanoTime() - begin) / 1e9;
          Thread.ofVirtual().start(() -> drain(output));
          return new ServerProcess(process, line.substring(LISTENING.length()), seconds);
        }
      }
      throw new IllegalStateException(
          "the server ended with status " + process.waitFor() + ":\n" + Files.readString(errors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// `HOST:PORT`.
  public String address() {
    return address;
  }

  /// How long it took from the start of the process to the line that says that it listens.
  public double startSeconds() {
    return startSeconds;
  }

  /// The process.
  public Process process() {
    return process;
  }

  /// A value in kilobytes from `/proc/PID/status`: `VmRSS`, `VmHWM`.
  public long kilobytes(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /// Ends it as `kill -9` does.
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /// Asks it to end.
  ///
  /// @return the exit status
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the server does not end when it is asked to");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static void drain(BufferedReader output) {
    try {
      while (output.readLine() != null) {}
    } catch (IOException _) {
      // the server has ended
    }
  }
}
