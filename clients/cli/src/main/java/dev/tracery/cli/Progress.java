package dev.tracery.cli;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Says on standard error how far long work is, if a person is there to see it and the work takes
/// longer than a second. The line is taken away at the end. Thread-safe.
final class Progress implements AutoCloseable {

  private static final long QUIET_NANOS = 1_000_000_000L;
  private static final long INTERVAL_NANOS = 100_000_000L;

  private final Console console;
  private final String what;
  private long nextShow;
  private boolean shown;

  /// @param what was done: `exported`
  Progress(Console console, String what) {
    this(console, what, QUIET_NANOS);
  }

  Progress(Console console, String what, long quietNanos) {
    this.console = console;
    this.what = what;
    this.nextShow = System.nanoTime() + quietNanos;
  }

  /// Whether what is told now would be shown.
  synchronized boolean isDue() {
    return console.errIsTerminal() && System.nanoTime() - nextShow >= 0;
  }

  /// @param amount how much of it: `3 of 17`
  synchronized void show(String amount) {
    if (!isDue()) {
      return;
    }
    nextShow = System.nanoTime() + INTERVAL_NANOS;
    shown = true;
    console.err().print("\r\u001b[K" + what + " " + amount);
    console.err().flush();
  }

  /// `out`, counted.
  OutputStream counting(OutputStream out) {
    return new FilterOutputStream(out) {
      private long count;

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        count += length;
        show(Terms.size(count));
      }
    };
  }

  /// `in`, counted.
  InputStream counting(InputStream in) {
    return counting(in, "");
  }

  /// `in`, which has `size` bytes, counted.
  InputStream counting(InputStream in, long size) {
    return counting(in, " of " + Terms.size(size));
  }

  private InputStream counting(InputStream in, String of) {
    return new FilterInputStream(in) {
      private long count;

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int read = in.read(bytes, from, length);
        count += Math.max(0, read);
        show(Terms.size(count) + of);
        return read;
      }
    };
  }

  /// Takes the line away, so that something else can be written.
  synchronized void clear() {
    if (shown) {
      shown = false;
      console.err().print("\r\u001b[K");
      console.err().flush();
    }
  }

  @Override
  public void close() {
    clear();
  }
}
