package dev.tracery.trace;

import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Pages in compressed chunks (trace-cmd.dat.v7(5)): the number of chunks, and for each its
/// compressed size, its size and its bytes. Holds one chunk at a time. A chunk that is damaged is
/// left out; pages after it come.
final class CompressedPages implements PageSource {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int COUNT_BYTES = 4;
  private static final int HEAD_BYTES = 8;
  private static final int RATIO_FREE = 1 << 20;

  private final CpuRegion region;
  private final boolean big;
  private final int pageSize;
  private final long end;
  private final byte[] head = new byte[HEAD_BYTES];
  private final ChunkUnpacker unpacker;
  private byte[] compressed = new byte[0];
  private byte[] chunk = new byte[0];
  private int at;
  private int length;

  /// Bytes of the pages up to `at`, as if nothing were damaged.
  private long position;

  private long pageStart;
  private boolean gap;
  private long chunks = -1;
  private long chunkAt;
  private long next;

  CompressedPages(CpuRegion region, ChunkUnpacker unpacker) {
    this.region = region;
    this.unpacker = unpacker;
    this.big = region.format().order() == dev.tracery.model.ByteOrder.BIG_ENDIAN;
    this.pageSize = region.format().size();
    this.chunkAt = region.offset();
    this.next = region.offset();
    // Why: trace-cmd (3.1.6) does not count the number of chunks in the size that it writes.
    this.end = Math.min(region.offset() + region.size() + COUNT_BYTES, region.file().size());
  }

  @Override
  public int next(byte[] page) throws IOException {
    int filled = 0;
    while (filled < page.length) {
      if (at == length && !nextChunk()) {
        break;
      }
      if (gap) {
        // Why: behind a chunk that is lost, a page may begin in the middle of the next.
        filled = 0;
        int skip = (int) Math.min(Math.floorMod(-position, (long) pageSize), length - at);
        at += skip;
        position += skip;
        gap = position % pageSize != 0;
        continue;
      }
      if (filled == 0) {
        pageStart = position;
      }
      int count = Math.min(page.length - filled, length - at);
      System.arraycopy(chunk, at, page, filled, count);
      at += count;
      position += count;
      filled += count;
    }
    return filled == 0 ? -1 : filled;
  }

  /// Decompresses the next chunk that is not damaged.
  private boolean nextChunk() throws IOException {
    if (chunks < 0) {
      chunks = 0;
      if (!read(COUNT_BYTES)) {
        return false;
      }
      chunks = number(0);
      if (chunks > (end - next) / HEAD_BYTES) {
        // Why: trace-cmd (3.1.6) writes this number in the order of the machine it runs on.
        chunks = Integer.reverseBytes((int) chunks) & 0xffffffffL;
      }
    }
    while (chunks > 0) {
      chunks--;
      chunkAt = next;
      if (!read(HEAD_BYTES)) {
        return false;
      }
      long packed = number(0);
      long size = number(4);
      if (packed > end - next) {
        lost(TraceCode.CHUNK_DAMAGED, "a chunk goes beyond the CPU's records", end - chunkAt);
        chunks = 0;
        return false;
      }
      long from = next;
      next += packed;
      if (unpack(from, packed, size)) {
        return true;
      }
      position += size;
      gap = true;
    }
    return false;
  }

  private boolean unpack(long from, long packed, long size) throws IOException {
    int ratio = region.limits().input().maxCompressionRatio();
    if (size > region.limits().maxChunkBytes()
        || packed > region.limits().maxChunkBytes()
        || (size > RATIO_FREE && size / Math.max(packed, 1) > ratio)
        || !unpacker.admits(packed, size, ratio)
        || !grow((int) packed, (int) size)) {
      lost(TraceCode.CHUNK_TOO_LARGE, "a chunk has " + size + " bytes, more than allowed", size);
      return false;
    }
    if (!region.file().copy(from, compressed, 0, (int) packed)) {
      region.shrank(from, end - from);
      chunks = 0;
      return false;
    }
    int got = unpacker.unpack(region.packing(), compressed, (int) packed, chunk, (int) size);
    if (got != size) {
      lost(TraceCode.CHUNK_DAMAGED, "a chunk cannot be decompressed", size);
      return false;
    }
    at = 0;
    length = got;
    return got > 0;
  }

  private boolean grow(int packed, int size) {
    if (packed > compressed.length) {
      if (!unpacker.admits(packed - compressed.length)) {
        return false;
      }
      compressed = new byte[packed];
    }
    if (size > chunk.length) {
      if (!unpacker.admits(size - chunk.length)) {
        return false;
      }
      chunk = new byte[size];
    }
    return true;
  }

  /// Reads the next bytes into `head`.
  private boolean read(int bytes) throws IOException {
    if (end - next < bytes) {
      if (end > next || region.size() == 0) {
        lost(TraceCode.CHUNK_DAMAGED, "the head of a chunk is cut", end - next);
      } else {
        lost(TraceCode.CHUNK_DAMAGED, "chunks are missing", 0);
      }
      next = end;
      chunks = 0;
      return false;
    }
    if (!region.file().copy(next, head, 0, bytes)) {
      region.shrank(next, end - next);
      next = end;
      chunks = 0;
      return false;
    }
    next += bytes;
    return true;
  }

  private long number(int index) {
    int value = (int) INT.get(head, index);
    return (big ? Integer.reverseBytes(value) : value) & 0xffffffffL;
  }

  private void lost(TraceCode code, String what, long bytes) {
    region.damaged(code, here(), position, what, bytes);
  }

  @Override
  public SourceLocation here() {
    return region.file().at(chunkAt);
  }

  @Override
  public long position() {
    return pageStart;
  }

  @Override
  public long consumed() {
    return Math.min(next - region.offset(), region.size());
  }
}
