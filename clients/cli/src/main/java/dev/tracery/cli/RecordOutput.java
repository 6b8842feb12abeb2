package dev.tracery.cli;

import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.TraceProblems;
import java.io.IOException;
import java.util.List;

/// Writes the records of a trace in one form.
interface RecordOutput {

  /// What comes before the first record.
  void begin() throws IOException;

  /// The record that a cursor is at.
  void write(RecordCursor record) throws IOException;

  /// What comes after the last record.
  void end(TraceProblems problems) throws IOException;

  /// How many records were left out because no format has their event.
  long unknown();

  /// What a reader should know of what was written, a line each.
  List<String> notes();
}
