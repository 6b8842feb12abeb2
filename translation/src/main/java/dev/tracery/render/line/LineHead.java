package dev.tracery.render.line;

import dev.tracery.render.TextBuffer;
import dev.tracery.trace.RecordCursor;

/// Writes what stands before an event's name.
sealed interface LineHead permits ReportHead, KernelHead {

  /// Appends the lines before the first record.
  void begin(TextBuffer out);

  /// Appends the head of a record's line, up to the blank behind the timestamp.
  void append(RecordCursor record, RecordBytes bytes, TextBuffer out);

  /// Appends a line that says what is lost before a record.
  ///
  /// @param lost how many events; -1 if nobody knows
  void lost(int cpu, long lost, TextBuffer out);
}
