package dev.tracery.client.decode;

import dev.tracery.decode.FieldReader;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A field of an event, to be read from any number of records. Found once with [EventDecoder];
/// immutable, so that any threads may use it.
///
/// Where a record has no value, because it is too short, or because the kernel's event has not this
/// field, `get` returns 0, false or what is empty, and [#hasValue] tells. Nothing is read outside
/// the record. Every `get` takes a record as a whole array, or as a part of one.
public abstract sealed class EventField
    permits BooleanField, BytesField, IntegerField, IntegersField, TextField {

  private final String name;
  private final int occurrence;
  private final int number;
  private final @Nullable FieldReader reader;

  EventField(FieldAbout about) {
    this.name = about.name();
    this.occurrence = about.occurrence();
    this.number = about.number();
    this.reader = about.reader();
  }

  /// The kernel's name.
  public String name() {
    return name;
  }

  /// Which of the event's fields of that name, from 0.
  public int occurrence() {
    return occurrence;
  }

  /// Its number in the event's message.
  public int number() {
    return number;
  }

  /// Whether a record has a value.
  public boolean hasValue(byte[] record) {
    return hasValue(record, 0, record.length);
  }

  /// Whether a record has a value.
  ///
  /// @param bytes holds the record, among others
  /// @param offset where it begins, at its `common_type`
  /// @param length how many bytes it has
  /// @throws IndexOutOfBoundsException if that is not within `bytes`
  public boolean hasValue(byte[] bytes, int offset, int length) {
    return find(bytes, offset, length) != FieldReader.NO_VALUE;
  }

  final long find(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return reader == null ? FieldReader.NO_VALUE : reader.find(bytes, offset, length);
  }

  /// Reads what [#find] found.
  final FieldReader reader() {
    return Objects.requireNonNull(reader);
  }

  /// What it is, for messages: `an integer`.
  abstract String kind();

  @Override
  public final String toString() {
    return name;
  }
}
