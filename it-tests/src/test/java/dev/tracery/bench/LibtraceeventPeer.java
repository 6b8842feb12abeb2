package dev.tracery.bench;

import dev.tracery.it.SampleKernel;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// libtraceevent in a process of its own, which parses a kernel's formats whenever it is asked and
/// says how long it took. `src/bench/c/parse_formats.c` is the program.
final class LibtraceeventPeer implements AutoCloseable {

  private static final Path SOURCE = Path.of("src", "bench", "c", "parse_formats.c");

  private final Process process;
  private final BufferedReader answers;
  private final int formats;

  /// Builds the program into `folder`, with the formats of a kernel beside it.
  ///
  /// @throws IllegalStateException saying what to install where it cannot be built
  static void build(Path folder, SampleKernel kernel) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("cc", "-O2", "-o", program(folder).toString()));
    command.add(SOURCE.toString());
    command.addAll(
        List.of(run(List.of("pkg-config", "--cflags", "--libs", "libtraceevent")).split("\\s+")));
    run(command);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(input(folder)))) {
      kernel
          .formats()
          .forEach((event, text) -> {
            try {
              String head = event.system() + " " + text.length + "\n";
              out.write(head.getBytes(StandardCharsets.US_ASCII));
              out.write(text);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  /// The version of the library.
  static String version() throws IOException, InterruptedException {
    return run(List.of("pkg-config", "--modversion", "libtraceevent")).strip();
  }

  /// Starts what [#build] made.
  ///
  /// @param formats how many formats must be parsed each time
  LibtraceeventPeer(Path folder, int formats) throws IOException {
    process =
        new ProcessBuilder(program(folder).toString(), input(folder).toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers = process.inputReader(StandardCharsets.US_ASCII);
    this.formats = formats;
  }

  /// Parses all formats once.
  ///
  /// @return the milliseconds
  double parse() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    String answer = answers.readLine();
    if (answer == null || !answer.endsWith(" " + formats)) {
      throw new IOException("expected " + formats + " parsed formats but found " + answer);
    }
    return Long.parseLong(answer.split(" ")[0]) / 1e6;
  }

  @Override
  public void close() {
    process.destroy();
    answersClosed();
  }

  private void answersClosed() {
    try {
      answers.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path program(Path folder) {
    return folder.resolve("parse_formats");
  }

  private static Path input(Path folder) {
    return folder.resolve("parse_formats.in");
  }

  static String run(List<String> command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0) {
        return output;
      }
      throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output);
    } catch (IOException e) {
      throw new IllegalStateException(
          "The compile benchmark builds a C program: apt-get install gcc pkg-config libtraceevent-dev",
          e);
    }
  }
}
