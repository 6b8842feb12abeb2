package dev.tracery.client.decode;

import dev.tracery.decode.FieldReader;
import java.util.Arrays;

/// A field of bytes without a better form: byte arrays, structs, unions.
public final class BytesField extends EventField {

  private static final byte[] EMPTY = {};

  BytesField(FieldAbout about) {
    super(about);
  }

  /// A copy of the value of a record; empty if it has none.
  public byte[] get(byte[] record) {
    return get(record, 0, record.length);
  }

  /// A copy of the value of a record; empty if it has none.
  ///
  /// @param bytes holds the record, among others
  /// @param offset where it begins, at its `common_type`
  /// @param length how many bytes it has
  /// @throws IndexOutOfBoundsException if that is not within `bytes`
  public byte[] get(byte[] bytes, int offset, int length) {
    long range = find(bytes, offset, length);
    return range == FieldReader.NO_VALUE
        ? EMPTY
        : Arrays.copyOfRange(bytes, FieldReader.from(range), FieldReader.to(range));
  }

  @Override
  String kind() {
    return "bytes";
  }
}
