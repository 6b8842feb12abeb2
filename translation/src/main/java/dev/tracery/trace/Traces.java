package dev.tracery.trace;

import java.io.IOException;
import java.nio.file.Path;

/// Opens recorded traces. Thread-safe.
public final class Traces {

  private Traces() {}

  /// Opens a trace of any kind; its content decides of which, not its name: a `trace.dat` (version
  /// 6 or 7) or a `perf.data`, plain or compressed with gzip or zstd, or a folder with raw pages
  /// (`cpu0.raw`, … or `per_cpu/cpu0/trace_pipe_raw`, …) in which there is an `events` tree too.
  ///
  /// @throws TraceException if it is no trace, and what it would have to be
  /// @throws IOException if the operating system cannot read it
  public static Trace open(Path input, TraceLimits limits) throws IOException {
    throw new UnsupportedOperationException("not written yet: " + input + limits);
  }

  /// Opens a folder with raw pages whose formats are elsewhere.
  ///
  /// @param formats a tracefs tree, or a tar of one, with `events/header_page`
  /// @throws TraceException if it is no trace, and what it would have to be
  /// @throws IOException if the operating system cannot read it
  public static Trace openPages(Path folder, Path formats, TraceLimits limits) throws IOException {
    throw new UnsupportedOperationException("not written yet: " + folder + formats + limits);
  }
}
