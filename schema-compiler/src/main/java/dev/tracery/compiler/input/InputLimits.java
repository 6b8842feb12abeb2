package dev.tracery.compiler.input;

/// What a reader accepts. Memory stays below about twice `maxTotalFormatBytes` and
/// `maxZstdWindowBytes` together, and in a tar the formats' paths of at most 4 KiB each, whatever
/// the input says; disk use, for a compressed `trace.dat` or `perf.data`, below
/// `maxDecompressedBytes`.
///
/// @param maxFormatBytes of one format file. The longest of the sample kernels' is under 40 KiB
/// @param maxEvents in one input. Kernels' event ids end at 65,535
/// @param maxTotalFormatBytes of all formats of one input
/// @param maxDecompressedBytes that a compressed input may have
/// @param maxCompressionRatio decompressed bytes per compressed byte, looked at once 32 MiB are
///   decompressed
/// @param maxZstdWindowBytes of history that a zstd frame may ask for
/// @param maxEntries of an archive, of a folder, or records and options of a trace file that are
///   walked through
/// @param maxProblems that are reported; reading stops there
public record InputLimits(
    int maxFormatBytes,
    int maxEvents,
    int maxTotalFormatBytes,
    long maxDecompressedBytes,
    int maxCompressionRatio,
    int maxZstdWindowBytes,
    int maxEntries,
    int maxProblems) {

  /// 1 MiB a format, 65,536 events, 256 MiB of formats, 1 GiB decompressed, ratio 500, 64 MiB of
  /// zstd window, 1,000,000 entries, 1,000 problems.
  public static final InputLimits DEFAULT =
      new InputLimits(1 << 20, 65_536, 256 << 20, 1L << 30, 500, 64 << 20, 1_000_000, 1_000);

  /// @throws IllegalArgumentException if one is not positive
  public InputLimits {
    if (maxFormatBytes <= 0
        || maxEvents <= 0
        || maxTotalFormatBytes <= 0
        || maxDecompressedBytes <= 0
        || maxCompressionRatio <= 0
        || maxZstdWindowBytes <= 0
        || maxEntries <= 0
        || maxProblems <= 0) {
      throw new IllegalArgumentException("every limit must be positive");
    }
  }
}
