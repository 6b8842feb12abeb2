package dev.tracery.trace;

import dev.tracery.compiler.input.DamagedInput;
import dev.tracery.compiler.input.TraceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
    if (Files.isDirectory(input)) {
      return RawPagesTrace.open(input, input, limits);
    }
    return openFile(input, input.toString(), limits);
  }

  /// Opens a `trace.dat` or `perf.data` that is called something else.
  ///
  /// @param name how diagnostics name it
  /// @throws TraceException if it is no trace, and what it would have to be
  /// @throws IOException if the operating system cannot read it
  public static Trace openFile(Path input, String name, TraceLimits limits) throws IOException {
    TraceFile file;
    try {
      file = TraceFile.open(input, name, limits.maxUnpackedBytes(), limits.input());
    } catch (DamagedInput damage) {
      throw new TraceException(List.of(damage.diagnostic()));
    }
    boolean kept = false;
    try {
      Trace trace =
          switch (file.kind()) {
            case TRACE_DAT -> TraceDatTrace.open(file, limits);
            case PERF_DATA -> PerfTrace.open(file.channel(), file.name(), limits);
            case PAGES -> throw new IllegalStateException("pages cannot be recognised");
          };
      file.diagnostics().forEach(found -> trace.problems().add(found, 0));
      // Why: while its file is open, a trace.dat's trace sees it become shorter.
      kept = file.kind() == TraceFile.Kind.TRACE_DAT;
      return trace;
    } catch (DamagedInput damage) {
      throw new TraceException(List.of(damage.diagnostic()));
    } finally {
      if (!kept) {
        file.close();
      }
    }
  }

  /// Opens a folder with raw pages whose formats are elsewhere.
  ///
  /// @param formats a tracefs tree, or a tar of one, with `events/header_page`
  /// @throws TraceException if it is no trace, and what it would have to be
  /// @throws IOException if the operating system cannot read it
  public static Trace openPages(Path folder, Path formats, TraceLimits limits) throws IOException {
    return RawPagesTrace.open(folder, formats, limits);
  }
}
