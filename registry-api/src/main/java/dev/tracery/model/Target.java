package dev.tracery.model;

/// What the bytes of a record depend on besides the format: the kernel's word size and byte order.
public record Target(WordSize wordSize, ByteOrder byteOrder) {

  /// The commonest target.
  public static final Target LITTLE_64 = new Target(WordSize.BITS_64, ByteOrder.LITTLE_ENDIAN);

  @Override
  public String toString() {
    return wordSize.bytes() * 8 + "-bit " + byteOrder.word() + "-endian";
  }
}
