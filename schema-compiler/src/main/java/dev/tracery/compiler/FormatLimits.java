package dev.tracery.compiler;

/// What one format file may cost. Beyond a limit the file is refused or, where said so, a part of
/// it is not understood.
///
/// @param maxBytes the size of a file. The largest known is 12 KiB
/// @param maxFields field lines of a file, the common ones included. The most known is 41
/// @param maxDepth how high the tree of a print format's expression may be; a higher one is kept as
///   text. Brackets of the deepest known nest 24 levels
/// @param maxDiagnostics errors and, counted apart, warnings of one file
public record FormatLimits(int maxBytes, int maxFields, int maxDepth, int maxDiagnostics) {

  /// 1 MiB, 1,024 fields, 256 levels, 100 diagnostics.
  public static final FormatLimits DEFAULT = new FormatLimits(1 << 20, 1024, 256, 100);

  /// @throws IllegalArgumentException if a limit is not positive, or `maxDepth` is above 256: the
  ///   parser recurses, and a thread's stack of 1 MiB must do
  public FormatLimits {
    if (maxBytes <= 0 || maxFields <= 0 || maxDepth <= 0 || maxDiagnostics <= 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
    if (maxDepth > 256) {
      throw new IllegalArgumentException("maxDepth must be at most 256 but is " + maxDepth);
    }
  }
}
