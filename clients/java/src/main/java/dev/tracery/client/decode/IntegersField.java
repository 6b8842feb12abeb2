package dev.tracery.client.decode;

import dev.tracery.decode.FieldReader;

/// A field that is a list of integers: an array, or a bitmask as 64-bit words, the lowest first.
public final class IntegersField extends EventField {

  private static final long[] EMPTY = {};

  private final boolean signed;

  IntegersField(FieldAbout about, boolean signed) {
    super(about);
    this.signed = signed;
  }

  /// Whether the integers are signed.
  public boolean signed() {
    return signed;
  }

  /// The integers of a record; empty if it has none.
  public long[] get(byte[] record) {
    return get(record, 0, record.length);
  }

  /// The integers of a record; empty if it has none.
  ///
  /// @param bytes holds the record, among others
  /// @param offset where it begins, at its `common_type`
  /// @param length how many bytes it has
  /// @throws IndexOutOfBoundsException if that is not within `bytes`
  public long[] get(byte[] bytes, int offset, int length) {
    long range = find(bytes, offset, length);
    if (range == FieldReader.NO_VALUE) {
      return EMPTY;
    }
    long[] integers = new long[reader().count(range)];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = reader().element(bytes, range, i);
    }
    return integers;
  }

  @Override
  String kind() {
    return "a list of integers";
  }
}
