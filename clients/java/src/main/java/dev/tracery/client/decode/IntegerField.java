package dev.tracery.client.decode;

import dev.tracery.decode.FieldReader;
import java.util.List;

/// A field that is one integer. Reading it allocates nothing.
public final class IntegerField extends EventField {

  private final boolean signed;
  private final List<Symbols> symbols;

  IntegerField(FieldAbout about, boolean signed) {
    super(about);
    this.signed = signed;
    this.symbols = about.symbols();
  }

  /// Whether it is signed. The value of an unsigned field of 64 bits is to be taken as one:
  /// [Long#toUnsignedString(long)].
  public boolean signed() {
    return signed;
  }

  /// The value of a record; 0 if it has none.
  public long get(byte[] record) {
    return get(record, 0, record.length);
  }

  /// The value of a record; 0 if it has none.
  ///
  /// @param bytes holds the record, among others
  /// @param offset where it begins, at its `common_type`
  /// @param length how many bytes it has
  /// @throws IndexOutOfBoundsException if that is not within `bytes`
  public long get(byte[] bytes, int offset, int length) {
    long range = find(bytes, offset, length);
    return range == FieldReader.NO_VALUE ? 0 : reader().integer(bytes, range);
  }

  /// The names that the print format has for its values, a table for each use.
  public List<Symbols> symbols() {
    return symbols;
  }

  /// The names that the tables have for a value, each once; one by one: [#symbols].
  public List<String> names(long value) {
    return symbols.size() == 1
        ? symbols.getFirst().of(value).names()
        : symbols.stream().flatMap(table -> table.of(value).names().stream()).distinct().toList();
  }

  @Override
  String kind() {
    return "an integer";
  }
}
