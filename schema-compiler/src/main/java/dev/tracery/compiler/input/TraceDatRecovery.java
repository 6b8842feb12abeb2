package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Finds the records of a buffer of a `trace.dat` of version 7 whose option is lost: the options
/// are written last, so a file that was cut has none. The records are where trace-cmd puts them:
/// CPU after CPU, each from a page's boundary on. Which CPU is which is a guess: their order.
final class TraceDatRecovery {

  private static final int CHUNK_HEAD_BYTES = 8;
  private static final int COUNT_BYTES = 4;

  private final BinaryCursor file;
  private final int pageSize;
  private final int maxCpus;

  TraceDatRecovery(BinaryCursor file, int pageSize, int maxCpus) {
    this.file = file;
    this.pageSize = pageSize;
    this.maxCpus = maxCpus;
  }

  /// @param start of the section's body
  /// @param end of the section, or of the file
  List<TraceDat.CpuData> cpus(long start, long end, boolean compressed) throws IOException {
    List<TraceDat.CpuData> cpus = new ArrayList<>();
    long at = boundary(start);
    while (at < end && cpus.size() < maxCpus) {
      long next = compressed ? chunksEnd(at, end) : stepBack(at, end);
      cpus.add(new TraceDat.CpuData(cpus.size(), at, next - at));
      at = boundary(next);
    }
    return cpus;
  }

  private long boundary(long at) {
    return (at + pageSize - 1) / pageSize * pageSize;
  }

  /// The end of a CPU's chunks, or of what is left of them.
  private long chunksEnd(long start, long end) throws IOException {
    if (end - start < COUNT_BYTES) {
      return end;
    }
    SourceLocation here = file.here();
    long chunks = file.slice("the number of chunks", start, COUNT_BYTES, here).u32("chunks");
    long at = start + COUNT_BYTES;
    if (chunks > (end - at) / CHUNK_HEAD_BYTES) {
      // Why: trace-cmd (3.1.6) writes this number in the order of the machine it runs on.
      chunks = Integer.reverseBytes((int) chunks) & 0xffffffffL;
    }
    for (long i = 0; i < chunks; i++) {
      if (end - at < CHUNK_HEAD_BYTES) {
        return end;
      }
      BinaryCursor head = file.slice("the head of a chunk", at, CHUNK_HEAD_BYTES, here);
      at += CHUNK_HEAD_BYTES + head.u32("the compressed size of a chunk");
      if (at >= end) {
        return end;
      }
    }
    return at;
  }

  /// The first page that is earlier than the one before it.
  private long stepBack(long start, long end) throws IOException {
    SourceLocation here = file.here();
    long before = 0;
    for (long at = start; end - at >= Long.BYTES; at += pageSize) {
      long time = file.slice("the time of a page", at, Long.BYTES, here).u64("the time of a page");
      if (time < before) {
        return at;
      }
      before = time;
    }
    return end;
  }
}
