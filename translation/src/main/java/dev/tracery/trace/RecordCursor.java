package dev.tracery.trace;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Walks over the records of a trace in the order of time; of two at one time the one of the lower
/// CPU comes first. What it tells is of the current record and changes with [#advance]. Not
/// thread-safe. Allocates nothing per record.
public interface RecordCursor extends AutoCloseable {

  /// Goes to the next record. Damage is no exception: what can be read comes, and [Trace#problems]
  /// tells the rest.
  ///
  /// @return false at the end
  /// @throws IOException if the operating system cannot read the file
  boolean advance() throws IOException;

  /// When, in what the trace's clock counts: mostly nanoseconds.
  long timestamp();

  /// On which CPU.
  int cpu();

  /// In which of [TraceContent#buffers].
  int buffer();

  /// An array that holds the record, until the next [#advance].
  byte[] bytes();

  /// Where in [#bytes] the record begins, at its `common_type`.
  int offset();

  /// How many bytes it has, as far as the container says: up to 7 bytes of padding may be among
  /// them.
  int length();

  /// Events that are lost between this record and the one before it on its CPU: 0 for none, -1 if
  /// the kernel does not say how many.
  long lostBefore();

  /// What the thread was called when it made the record; null where the container does not say, and
  /// [TraceContent#commandNames] is all that is known. Not to be changed.
  default byte @Nullable [] commandName() {
    return null;
  }

  /// How many bytes of the input were read, of [Trace#size].
  long bytesRead();

  @Override
  void close();
}
