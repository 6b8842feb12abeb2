package dev.tracery.compiler.layout;

/// What a field holds, apart from how wide it is and where it lies. Two kinds never share a field
/// number.
public enum FieldKind {
  /// One signed integer.
  SIGNED,
  /// One unsigned integer, pointers among them.
  UNSIGNED,
  /// One C `bool`.
  BOOL,
  /// Text, cut at the first NUL.
  STRING,
  /// Bytes as they are: byte arrays, structs, unions, and whatever has no better form.
  BYTES,
  /// Signed integers.
  SIGNED_ARRAY,
  /// Unsigned integers.
  UNSIGNED_ARRAY,
  /// Bits, in words of the kernel's word size.
  BITMASK;

  /// Whether the field is one integer, for which width and sign mean something.
  public boolean isInteger() {
    return this == SIGNED || this == UNSIGNED;
  }

  /// Whether the message field is repeated.
  public boolean isRepeated() {
    return this == SIGNED_ARRAY || this == UNSIGNED_ARRAY || this == BITMASK;
  }
}
