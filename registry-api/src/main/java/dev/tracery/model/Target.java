package dev.tracery.model;

/// What the bytes of a record depend on besides the format: the kernel's word size and byte order.
public record Target(WordSize wordSize, ByteOrder byteOrder) {

  /// The commonest target.
  public static final Target LITTLE_64 = new Target(WordSize.BITS_64, ByteOrder.LITTLE_ENDIAN);

  /// The target of which people say `64` and `little`.
  ///
  /// @param bits 32 or 64
  /// @param order `little` or `big`
  /// @throws IllegalArgumentException if it is anything else
  public static Target of(int bits, String order) {
    if (bits != 32 && bits != 64) {
      throw new IllegalArgumentException("a word has 32 or 64 bits, not " + bits);
    }
    for (ByteOrder known : ByteOrder.values()) {
      if (known.word().equals(order)) {
        return new Target(WordSize.ofBytes(bits / 8), known);
      }
    }
    throw new IllegalArgumentException("a byte order is little or big, not " + order);
  }

  @Override
  public String toString() {
    return wordSize.bytes() * 8 + "-bit " + byteOrder.word() + "-endian";
  }
}
