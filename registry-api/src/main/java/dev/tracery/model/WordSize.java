package dev.tracery.model;

/// The kernel's `sizeof(long)`.
public enum WordSize {
  /// 4 bytes.
  BITS_32(4),
  /// 8 bytes.
  BITS_64(8);

  private final int bytes;

  WordSize(int bytes) {
    this.bytes = bytes;
  }

  /// The size in bytes.
  public int bytes() {
    return bytes;
  }

  /// The word size of this many bytes.
  ///
  /// @throws IllegalArgumentException if `bytes` is neither 4 nor 8
  public static WordSize ofBytes(int bytes) {
    return switch (bytes) {
      case 4 -> BITS_32;
      case 8 -> BITS_64;
      default -> throw new IllegalArgumentException("a word size is 4 or 8 bytes, not " + bytes);
    };
  }
}
