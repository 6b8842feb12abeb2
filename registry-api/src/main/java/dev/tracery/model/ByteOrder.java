package dev.tracery.model;

/// The order of the bytes of a kernel's integers.
public enum ByteOrder {
  /// Lowest byte first.
  LITTLE_ENDIAN("little"),
  /// Highest byte first.
  BIG_ENDIAN("big");

  private final String word;

  ByteOrder(String word) {
    this.word = word;
  }

  /// `little` or `big`, as flags and canonical forms spell it.
  public String word() {
    return word;
  }
}
