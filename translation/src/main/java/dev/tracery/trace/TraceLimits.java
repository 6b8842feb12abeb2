package dev.tracery.trace;

import dev.tracery.compiler.input.InputLimits;

/// What a reader of traces accepts. Memory stays below about that of [InputLimits], the two texts
/// of `maxTableBytes`, and for each CPU of each buffer a page and, in a compressed trace, a chunk,
/// whatever the input says.
///
/// @param input for the formats
/// @param maxUnpackedBytes of disk that a compressed trace may be unpacked to
/// @param maxTableBytes of `kallsyms`, of `printk_formats` and of `saved_cmdlines`, each
/// @param maxBuffers ring buffers: the kernel's and its instances'
/// @param maxCpus of all buffers together
/// @param maxChunkBytes of one decompressed chunk of a compressed trace; trace-cmd writes ten pages
public record TraceLimits(
    InputLimits input,
    long maxUnpackedBytes,
    int maxTableBytes,
    int maxBuffers,
    int maxCpus,
    int maxChunkBytes) {

  /// 64 GiB unpacked, tables of 64 MiB, 1,024 buffers, 65,536 CPUs, chunks of 16 MiB.
  public static final TraceLimits DEFAULT =
      new TraceLimits(InputLimits.DEFAULT, 64L << 30, 64 << 20, 1_024, 65_536, 16 << 20);

  /// @throws IllegalArgumentException if one is not positive
  public TraceLimits {
    if (maxUnpackedBytes <= 0
        || maxTableBytes <= 0
        || maxBuffers <= 0
        || maxCpus <= 0
        || maxChunkBytes <= 0) {
      throw new IllegalArgumentException("every limit must be positive");
    }
  }
}
