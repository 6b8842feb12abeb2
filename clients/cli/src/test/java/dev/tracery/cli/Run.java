package dev.tracery.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// One command that was run.
///
/// @param status its exit status
record Run(int status, String out, String err) {

  /// Runs a command away from any terminal.
  static Run of(String... args) {
    return in(Map.of(), args);
  }

  /// Runs a command that asks the registry at `address`.
  static Run at(String address, String... args) {
    return in(Map.of("TRACERY_SERVER", address), args);
  }

  /// Runs a command with these environment variables.
  static Run in(Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Run run = to(out, false, environment, args);
    return new Run(run.status(), out.toString(StandardCharsets.UTF_8), run.err());
  }

  /// Runs a command whose standard output is a terminal.
  static Run onTerminal(Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Run run = to(out, true, environment, args);
    return new Run(run.status(), out.toString(StandardCharsets.UTF_8), run.err());
  }

  /// Runs a command that writes to `out`.
  static Run to(
      OutputStream out, boolean terminal, Map<String, String> environment, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        TraceryCommand.run(
            new Console(
                new ByteArrayInputStream(new byte[0]),
                new Output(out),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                false,
                new HashMap<>(environment)),
            args);
    return new Run(status, "", err.toString(StandardCharsets.UTF_8));
  }

  /// All of it, for a golden file.
  @Override
  public String toString() {
    return "exit status " + status + "\n--- out\n" + out + "--- err\n" + err;
  }
}
