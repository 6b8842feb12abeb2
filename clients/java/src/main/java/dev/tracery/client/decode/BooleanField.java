package dev.tracery.client.decode;

import dev.tracery.decode.FieldReader;

/// A field that is true or false.
public final class BooleanField extends EventField {

  BooleanField(FieldAbout about) {
    super(about);
  }

  /// The value of a record; false if it has none.
  public boolean get(byte[] record) {
    return get(record, 0, record.length);
  }

  /// The value of a record; false if it has none.
  ///
  /// @param bytes holds the record, among others
  /// @param offset where it begins, at its `common_type`
  /// @param length how many bytes it has
  /// @throws IndexOutOfBoundsException if that is not within `bytes`
  public boolean get(byte[] bytes, int offset, int length) {
    long range = find(bytes, offset, length);
    return range != FieldReader.NO_VALUE && reader().integer(bytes, range) != 0;
  }

  @Override
  String kind() {
    return "a boolean";
  }
}
