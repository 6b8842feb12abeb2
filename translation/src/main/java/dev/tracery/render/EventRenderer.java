package dev.tracery.render;

/// Writes what the kernel prints of the records of one event after its name. Not thread-safe.
public interface EventRenderer {

  /// Appends a record's text, without a line feed at its end.
  ///
  /// @param bytes holds the record, among others
  /// @param offset where the record begins, at its `common_type`
  /// @param length how many bytes it has; may be any number from 0 on, in a damaged trace
  void render(byte[] bytes, int offset, int length, TextBuffer out);
}
