package dev.tracery.trace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A trace that consists of pages of the ring buffer.
final class PagedTrace implements Trace {

  private final TraceContent content;
  private final List<CpuRegion> regions;
  private final List<MappedFile> files;
  private final TraceProblems problems;
  private final TraceLimits limits;
  private final AtomicBoolean read = new AtomicBoolean();

  PagedTrace(
      TraceContent content,
      List<CpuRegion> regions,
      List<MappedFile> files,
      TraceProblems problems,
      TraceLimits limits) {
    this.content = content;
    this.regions =
        regions.stream()
            .sorted(Comparator.comparingInt(CpuRegion::cpu).thenComparingInt(CpuRegion::buffer))
            .toList();
    this.files = List.copyOf(files);
    this.problems = problems;
    this.limits = limits;
  }

  @Override
  public TraceContent content() {
    return content;
  }

  @Override
  public long size() {
    return files.stream().mapToLong(MappedFile::size).sum();
  }

  /// @throws IllegalStateException if another cursor is open
  @Override
  public RecordCursor records(RecordFilter filter) {
    if (!read.compareAndSet(false, true)) {
      throw new IllegalStateException("another cursor is open");
    }
    EventSet events = new EventSet(filter.events());
    ChunkUnpacker unpacker = new ChunkUnpacker(limits.input().maxDecompressedBytes());
    List<CpuStream> streams = new ArrayList<>();
    long aside = size();
    for (CpuRegion region : regions) {
      streams.add(new CpuStream(region, filter, events, unpacker));
      aside -= region.size();
    }
    return new MergedCursor(streams, aside, () -> read.set(false));
  }

  @Override
  public TraceProblems problems() {
    return problems;
  }

  @Override
  public void close() throws IOException {
    closeAll(files);
  }

  /// Closes every file, whichever fails.
  static void closeAll(List<MappedFile> files) throws IOException {
    @Nullable IOException failure = null;
    for (MappedFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
