package dev.tracery.trace;

import dev.tracery.compiler.input.PerfDataFile;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.List;

/// A `perf.data` with samples of tracepoints, as a file or as `perf record -o -` writes it. Mapped,
/// never held.
///
/// A sample without `PERF_SAMPLE_TIME` has the timestamp 0, and one without `PERF_SAMPLE_CPU` the
/// CPU 0. Where not all samples have a time, records come in the order of the file.
final class PerfTrace implements Trace {

  private final String file;
  private final PerfDataFile head;
  private final TraceContent content;
  private final Arena arena;
  private final FileChannel channel;
  private final PerfBytes bytes;
  private final PerfDataFile.Extent records;
  private final TraceProblems problems = new TraceProblems();

  private PerfTrace(
      String file, PerfDataFile head, Arena arena, FileChannel channel, MemorySegment map) {
    this.file = file;
    this.head = head;
    this.arena = arena;
    this.channel = channel;
    this.bytes = new PerfBytes(map, head.byteOrder());
    this.records = head.samples();
    this.content =
        new TraceContent(
            head.kernel(),
            new Target(
                head.kernel().wordSize().map(fact -> fact.value()).orElse(WordSize.BITS_64),
                head.byteOrder()),
            List.of(new TraceBuffer("", "", 0)),
            head.symbols(),
            head.printkFormats(),
            head.commandNames());
    head.kernel().diagnostics().forEach(found -> problems.add(found, 0));
  }

  // Why: the arena is closed with the trace.
  @SuppressWarnings("MustBeClosedChecker")
  private static Arena arena() {
    return Arena.ofShared();
  }

  /// Opens a file that [PerfDataFile#matches]. The channel belongs to the trace from now on.
  static PerfTrace open(FileChannel channel, String file, TraceLimits limits) throws IOException {
    PerfDataFile head = PerfDataFile.read(channel, file, limits.input(), limits.maxTableBytes());
    Arena arena = arena();
    try {
      MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new PerfTrace(file, head, arena, channel, map);
    } catch (IOException | RuntimeException failure) {
      arena.close();
      throw failure;
    }
  }

  @Override
  public TraceContent content() {
    return content;
  }

  @Override
  public long size() {
    return bytes.size();
  }

  @Override
  public RecordCursor records(RecordFilter filter) {
    PerfAttributes attributes = new PerfAttributes(file, bytes, problems);
    if (!head.pipe()) {
      attributes.readTable(head.attributes(), head.attributeSize());
    }
    return new PerfCursor(
        file,
        bytes,
        new PerfRecords(file, bytes, records, problems),
        attributes,
        filter,
        problems,
        new PerfQueue(PerfQueue.MAX));
  }

  @Override
  public TraceProblems problems() {
    return problems;
  }

  @Override
  public void close() throws IOException {
    arena.close();
    channel.close();
  }
}
