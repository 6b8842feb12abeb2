package dev.tracery.fault;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Signals to processes, which Java cannot send.
final class Signals {

  private Signals() {}

  /// Sends a signal to a process that this JVM has started. One that has ended gets none.
  ///
  /// @param name `STOP`, `CONT`
  static void send(String name, long pid) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
