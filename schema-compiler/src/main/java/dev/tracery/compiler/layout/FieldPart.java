package dev.tracery.compiler.layout;

/// Some bits of a field: what a table of a print format names.
///
/// @param field the field's name
/// @param shift how far its value is shifted right
/// @param mask what it is masked with after that
/// @param castBits the width of the narrowest integer type that it was cast to; 64 if to none
record FieldPart(String field, int shift, long mask, int castBits) {

  private static final long ALL = -1;

  static FieldPart whole(String field) {
    return new FieldPart(field, 0, ALL, 64);
  }

  FieldPart masked(long by) {
    return new FieldPart(field, shift, mask & by, castBits);
  }

  FieldPart shifted(int by) {
    return new FieldPart(field, shift + by, mask == ALL ? ALL : mask >>> by, castBits);
  }

  /// Cast to an integer type.
  ///
  /// @param fieldBits the field's own width
  FieldPart cast(int bits, int fieldBits) {
    long kept = bits < fieldBits - shift ? mask & lowBits(bits) : mask;
    return new FieldPart(field, shift, kept, Math.min(castBits, bits));
  }

  /// Without a mask that masks nothing.
  FieldPart simplified(int fieldBits) {
    long bits = lowBits(fieldBits - shift);
    return (mask & bits) == bits ? new FieldPart(field, shift, ALL, castBits) : this;
  }

  /// The `bits` lowest bits.
  static long lowBits(int bits) {
    return bits >= 64 ? ALL : bits <= 0 ? 0 : (1L << bits) - 1;
  }
}
