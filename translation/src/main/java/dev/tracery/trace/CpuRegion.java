package dev.tracery.trace;

import dev.tracery.compiler.input.ClockScale;
import dev.tracery.diagnostic.SourceLocation;

/// Where the pages of one CPU of one buffer are, and what was told of their damage.
///
/// One cursor at a time.
final class CpuRegion {

  /// How pages are compressed.
  enum Packing {
    NONE,
    ZSTD,
    ZLIB
  }

  private final MappedFile file;
  private final long offset;
  private final long size;
  private final int buffer;
  private final int cpu;
  private final PageFormat format;
  private final Packing packing;
  private final ClockScale scale;
  private final TraceProblems problems;
  private final TraceLimits limits;
  private long told = -1;

  /// @param offset from the file's start; the region is within the file
  CpuRegion(
      MappedFile file,
      long offset,
      long size,
      int buffer,
      int cpu,
      PageFormat format,
      Packing packing,
      ClockScale scale,
      TraceProblems problems,
      TraceLimits limits) {
    this.file = file;
    this.offset = offset;
    this.size = size;
    this.buffer = buffer;
    this.cpu = cpu;
    this.format = format;
    this.packing = packing;
    this.scale = scale;
    this.problems = problems;
    this.limits = limits;
  }

  MappedFile file() {
    return file;
  }

  long offset() {
    return offset;
  }

  long size() {
    return size;
  }

  int buffer() {
    return buffer;
  }

  int cpu() {
    return cpu;
  }

  PageFormat format() {
    return format;
  }

  ClockScale scale() {
    return scale;
  }

  TraceLimits limits() {
    return limits;
  }

  Packing packing() {
    return packing;
  }

  /// The pages from the first on.
  PageSource pages(ChunkUnpacker unpacker) {
    return packing == Packing.NONE ? new StoredPages(this) : new CompressedPages(this, unpacker);
  }

  /// Notes damage, once for each place however often it is read.
  ///
  /// @param position grows along the region
  /// @param bytes of records that are lost
  void damaged(TraceCode code, SourceLocation where, long position, String what, long bytes) {
    if (position > told) {
      told = position;
      problems.add(
          code.at(where, "cpu " + cpu + ": " + what + "; " + bytes + " bytes are lost", ""), bytes);
    }
  }

  /// Notes that the file ends sooner than it did.
  void shrank(long position, long bytes) {
    damaged(
        TraceCode.INPUT_SHRANK,
        file.at(position),
        position,
        "the file became shorter while it was read",
        bytes);
  }
}
