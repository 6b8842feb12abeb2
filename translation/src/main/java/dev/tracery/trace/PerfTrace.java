package dev.tracery.trace;

import dev.tracery.compiler.input.Fact;
import dev.tracery.compiler.input.PerfDataFile;
import dev.tracery.compiler.input.PerfExpansion;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A `perf.data` with samples of tracepoints, as a file or as `perf record -o -` writes it. Mapped,
/// never held.
///
/// A sample without `PERF_SAMPLE_TIME` has the timestamp 0, and one without `PERF_SAMPLE_CPU` the
/// CPU 0. Where not all samples have a time, records come in the order of the file.
final class PerfTrace implements Trace {

  private final String file;
  private final PerfDataFile head;
  private final TraceContent content;
  private final MappedFile whole;
  private final MappedFile expanded;
  private final PerfDataFile.Extent records;
  private final TraceProblems problems = new TraceProblems();
  private TraceProblems.@Nullable Mark opened;

  /// @param expanded the file with the records, which is `whole` if none are compressed
  private PerfTrace(
      String file,
      PerfDataFile head,
      MappedFile whole,
      MappedFile expanded,
      PerfDataFile.Extent records) {
    this.file = file;
    this.head = head;
    this.whole = whole;
    this.expanded = expanded;
    this.records = records;
    this.content =
        new TraceContent(
            head.kernel(),
            new Target(
                head.kernel().wordSize().map(Fact::value).orElse(WordSize.BITS_64),
                head.byteOrder()),
            List.of(new TraceBuffer("", "", head.cpus())),
            head.symbols(),
            head.printkFormats(),
            head.commandNames());
    head.kernel().diagnostics().forEach(found -> problems.add(found, 0));
  }

  /// Opens a file that [PerfDataFile#matches].
  ///
  /// @param channel may be closed afterwards
  static PerfTrace open(FileChannel channel, String file, TraceLimits limits) throws IOException {
    PerfDataFile head = PerfDataFile.read(channel, file, limits.input(), limits.maxTableBytes());
    MappedFile whole = new MappedFile(channel, file);
    boolean opened = false;
    try {
      PerfBytes bytes = new PerfBytes(whole.segment(), head.byteOrder());
      PerfTrace trace =
          hasCompressed(bytes, head.samples())
              ? expanded(channel, file, limits, head, whole)
              : new PerfTrace(file, head, whole, whole, head.samples());
      opened = true;
      return trace;
    } finally {
      if (!opened) {
        whole.close();
      }
    }
  }

  private static PerfTrace expanded(
      FileChannel channel, String file, TraceLimits limits, PerfDataFile head, MappedFile whole)
      throws IOException {
    try (PerfExpansion expansion =
        PerfExpansion.of(
            channel,
            head.samples(),
            head.byteOrder(),
            file,
            limits.maxUnpackedBytes(),
            limits.input())) {
      MappedFile map = new MappedFile(expansion.channel(), file);
      PerfTrace trace =
          new PerfTrace(file, head, whole, map, new PerfDataFile.Extent(0, map.size()));
      expansion.diagnostics().forEach(found -> trace.problems.add(found, 0));
      return trace;
    }
  }

  /// Whether samples are compressed: all are, or none.
  private static boolean hasCompressed(PerfBytes bytes, PerfDataFile.Extent extent) {
    PerfRecords records = new PerfRecords("", bytes, extent, new TraceProblems());
    while (records.advance() && records.type() != PerfRecords.SAMPLE) {
      if (records.type() == PerfExpansion.COMPRESSED
          || records.type() == PerfExpansion.COMPRESSED_2) {
        return true;
      }
    }
    return false;
  }

  @Override
  public TraceContent content() {
    return content;
  }

  @Override
  public long size() {
    return expanded.size();
  }

  @Override
  public RecordCursor records(RecordFilter filter) {
    // Why: each cursor goes over all of the file, and would tell its damage once more.
    if (opened == null) {
      opened = problems.mark();
    }
    problems.backTo(opened);
    PerfBytes bytes = new PerfBytes(expanded.segment(), head.byteOrder());
    PerfAttributes attributes = new PerfAttributes(file, bytes, problems);
    if (!head.pipe()) {
      attributes.readTable(
          new PerfBytes(whole.segment(), head.byteOrder()),
          head.attributes(),
          head.attributeSize());
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
    whole.close();
    if (expanded != whole) {
      expanded.close();
    }
  }
}
