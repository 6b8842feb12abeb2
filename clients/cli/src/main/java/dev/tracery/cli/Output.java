package dev.tracery.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Standard output: buffered, UTF-8, and not silent about failing as a `PrintStream` is.
final class Output {

  private final OutputStream out;
  private boolean broken;

  Output(OutputStream out) {
    this.out = new BufferedOutputStream(out, 1 << 16);
  }

  /// Whoever read the output has heard enough (`| head`). The command ends quietly.
  static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Closed() {
      super(null, null, false, false);
    }
  }

  void line(String text) {
    print(text + "\n");
  }

  void print(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Makes what was written visible now.
  void flush() {
    try {
      if (!broken) {
        out.flush();
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// For bytes that are not text. Its failures are [Closed] and [CommandFailure], too.
  OutputStream bytes() {
    return new OutputStream() {
      @Override
      public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) {
        try {
          out.write(bytes, from, length);
        } catch (IOException e) {
          throw failure(e);
        }
      }
    };
  }

  private RuntimeException failure(IOException e) {
    broken = true;
    String reason = String.valueOf(e.getMessage());
    return reason.contains("Broken pipe") || reason.contains("Pipe closed")
        ? new Closed()
        : CommandFailure.failed("cannot write to standard output: " + reason);
  }
}
