package dev.tracery.trace;

import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Decompresses chunks of pages, and counts the memory that all CPUs of a cursor hold for theirs.
/// Not thread-safe.
final class ChunkUnpacker {

  private final ZstdJavaDecompressor zstd = new ZstdJavaDecompressor();
  private final long free;
  private long left;
  private long packedBytes;
  private long unpackedBytes;

  /// @param maxBytes of all arrays together
  ChunkUnpacker(long maxBytes) {
    this.left = maxBytes;
    this.free = maxBytes;
  }

  /// Whether a chunk is no part of a bomb: chunks of idle CPUs may be packed to almost nothing, but
  /// not gigabytes of them. One that is admitted counts.
  ///
  /// @param ratio bytes that a packed byte may become, once much was unpacked
  boolean admits(long packed, long size, int ratio) {
    if (unpackedBytes + size > free && (unpackedBytes + size) / ratio > packedBytes + packed) {
      return false;
    }
    packedBytes += packed;
    unpackedBytes += size;
    return true;
  }

  /// Whether an array may be that much larger than the one it replaces.
  boolean admits(int bytes) {
    if (bytes > left) {
      return false;
    }
    left -= bytes;
    return true;
  }

  /// Decompresses the first `packed` bytes of `from`.
  ///
  /// @return how many bytes came out, at most `size`; -1 if the bytes are damaged
  int unpack(CpuRegion.Packing packing, byte[] from, int packed, byte[] into, int size) {
    try {
      return switch (packing) {
        case ZSTD -> zstd.decompress(from, 0, packed, into, 0, size);
        case ZLIB -> inflate(from, packed, into, size);
        case NONE -> throw new IllegalArgumentException("not compressed");
      };
    } catch (RuntimeException | DataFormatException e) {
      // Why: aircompressor throws its own, and on some inputs an index that is out of bounds.
      return -1;
    }
  }

  private static int inflate(byte[] from, int packed, byte[] into, int size)
      throws DataFormatException {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(from, 0, packed);
      int got = 0;
      while (got < size) {
        int count = inflater.inflate(into, got, size - got);
        if (count == 0) {
          return -1;
        }
        got += count;
      }
      return got;
    }
  }
}
