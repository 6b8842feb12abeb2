package dev.tracery.render.line;

import dev.tracery.render.TextBuffer;

/// Writes what stands behind a line's head, without the line feed at its end.
interface EventText {

  /// @param timestamp the record's, in what the clock counts
  void append(RecordBytes record, long timestamp, TextBuffer out);
}
