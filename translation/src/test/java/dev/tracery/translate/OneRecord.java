package dev.tracery.translate;

import dev.tracery.trace.RecordCursor;
import org.jspecify.annotations.Nullable;

/// A cursor that stands at a record for ever.
record OneRecord(
    long timestamp,
    int cpu,
    int buffer,
    byte[] bytes,
    int offset,
    int length,
    long lostBefore,
    byte @Nullable [] commandName)
    implements RecordCursor {

  @Override
  public boolean advance() {
    return false;
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  public void close() {}
}
