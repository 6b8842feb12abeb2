package dev.tracery.translator;

/// Turns the records of one layout into protobuf messages. Thread-safe, and without state: the same
/// record gives the same bytes. Allocates nothing.
///
/// What it writes is what the layout's decode plan says: fields in the order of their numbers, none
/// that has its default value, none that the record is too short for.
public interface EventTranslator {

  /// The longest message that a record of `recordLength` bytes can become.
  int maxMessageSize(int recordLength);

  /// Appends a record's message. Must not read outside the record, nor write outside the
  /// [#maxMessageSize] bytes from `position` on, for which the caller has made room.
  ///
  /// @param bytes holds the record, among others
  /// @param offset where the record begins, at its `common_type`
  /// @param length how many bytes it has; may be any number from 0 on, in a damaged trace
  /// @param out where the message goes
  /// @param position where it begins
  /// @return where it ends
  int translate(byte[] bytes, int offset, int length, byte[] out, int position);
}
