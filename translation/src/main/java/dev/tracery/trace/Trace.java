package dev.tracery.trace;

import java.io.IOException;

/// A recorded trace, open for reading. Thread-safe, except that one cursor at a time may be open.
public interface Trace extends AutoCloseable {

  /// What it says of the kernel and of itself.
  TraceContent content();

  /// How many bytes the input has.
  long size();

  /// A cursor before the first record that `filter` lets through.
  RecordCursor records(RecordFilter filter) throws IOException;

  /// What was found to be wrong so far. Grows while a cursor advances.
  TraceProblems problems();

  @Override
  void close() throws IOException;
}
