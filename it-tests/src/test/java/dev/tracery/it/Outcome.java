package dev.tracery.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How a `tracery` command ended.
record Outcome(int status, String out, String err) {

  /// Runs a command to its end, with nothing on standard input.
  static Outcome of(String... arguments) {
    return of(List.of(arguments));
  }

  /// Runs a command to its end, with nothing on standard input.
  static Outcome of(List<String> arguments) {
    try {
      Path out = Files.createTempFile("tracery", ".out");
      Path err = Files.createTempFile("tracery", ".err");
      try {
        Process process =
            Distribution.command(arguments)
                .redirectInput(Distribution.NOTHING)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
          process.destroyForcibly();
          throw new IllegalStateException(arguments + " does not end");
        }
        return new Outcome(process.exitValue(), text(out), text(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// This outcome, if the command did what it was told.
  Outcome fine() {
    if (status != 0) {
      throw new AssertionError("status " + status + ":\n" + err + out);
    }
    return this;
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
