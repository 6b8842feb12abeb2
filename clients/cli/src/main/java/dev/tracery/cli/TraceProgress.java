package dev.tracery.cli;

import java.util.Locale;

/// How far a trace is read: how much of it, how fast, and how long it will take.
final class TraceProgress implements AutoCloseable {

  private final Progress progress;
  private final long size;
  private final long begin = System.nanoTime();

  /// @param size of the trace, in bytes
  TraceProgress(Console console, long size) {
    this.progress = new Progress(console, "translated");
    this.size = size;
  }

  /// @param read how many bytes of the trace
  void show(long records, long read) {
    if (!progress.isDue()) {
      return;
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    double done = size == 0 ? 1 : Math.min(1, (double) read / size);
    progress.show(
        String.format(
            Locale.ROOT,
            "%.0f %% (%,d events, %,.0f events/s%s)",
            100 * done,
            records,
            records / seconds,
            done > 0.01 ? ", " + left(seconds / done - seconds) + " left" : ""));
  }

  private static String left(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
  }

  @Override
  public void close() {
    progress.close();
  }
}
