package dev.tracery.translate.guard;

import dev.tracery.trace.RecordCursor;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads some records ahead and has foreign translators translate theirs, before whoever uses the
/// cursor comes to them. Where one fails it is quarantined, and the record and those after it are
/// left to the interpreter: none is lost, none comes twice. Not thread-safe.
public final class BatchCursor implements RecordCursor {

  /// Tells which foreign translator a record is for.
  @FunctionalInterface
  public interface Route {
    /// @return null where the record's translator is not foreign
    @Nullable GuardedTranslator of(byte[] bytes, int offset, int length);
  }

  private final RecordCursor records;
  private final ForeignThreads threads;
  private final Route route;
  private final RecordBatch batch = new RecordBatch();
  private final Map<Suspect, Long> counts = new IdentityHashMap<>();
  private int at = -1;
  private boolean ended;

  public BatchCursor(RecordCursor records, ForeignThreads threads, Route route) {
    this.records = records;
    this.threads = threads;
    this.route = route;
  }

  @Override
  public boolean advance() throws IOException {
    at++;
    if (at >= batch.count) {
      fill();
      at = 0;
      if (batch.count == 0) {
        return false;
      }
    }
    GuardedTranslator by = batch.translator[at];
    if (by != null) {
      by.next(batch.message[at]);
    }
    return true;
  }

  private void fill() throws IOException {
    batch.clear();
    boolean foreign = false;
    while (!ended && !batch.isFull()) {
      if (!records.advance()) {
        ended = true;
        break;
      }
      GuardedTranslator by = route.of(records.bytes(), records.offset(), records.length());
      if (by != null && by.bundle().isQuarantined()) {
        by.next(null);
        by = null;
      }
      foreign |= by != null;
      batch.add(records, by);
    }
    if (foreign) {
      translate();
    }
  }

  private void translate() {
    int from = 0;
    while (from < batch.count) {
      BatchWork work = new BatchWork(batch, from);
      int done;
      try {
        threads.run("translating a record", work);
        done = batch.count;
      } catch (ForeignFailure failure) {
        done = Math.min(work.failedAt(), batch.count - 1);
        GuardedTranslator failed = batch.translator[done];
        if (failed != null) {
          failed.bundle().quarantine(String.valueOf(failure.getMessage()));
        }
      }
      for (int i = from; i < done; i++) {
        byte[] message = work.message(i);
        batch.message[i] = message;
        GuardedTranslator by = batch.translator[i];
        if (by != null && message != null) {
          counts.merge(by.bundle(), 1L, Long::sum);
        }
      }
      from = done < batch.count ? done + 1 : done;
    }
    counts.forEach(Suspect::count);
    counts.clear();
  }

  @Override
  public long timestamp() {
    return batch.timestamp[at];
  }

  @Override
  public int cpu() {
    return batch.cpu[at];
  }

  @Override
  public int buffer() {
    return batch.buffer[at];
  }

  @Override
  public byte[] bytes() {
    return batch.bytes;
  }

  @Override
  public int offset() {
    return batch.offset[at];
  }

  @Override
  public int length() {
    return batch.length[at];
  }

  @Override
  public long lostBefore() {
    return batch.lostBefore[at];
  }

  @Override
  public byte @Nullable [] commandName() {
    return batch.commandName[at];
  }

  @Override
  public long bytesRead() {
    return ended && at >= batch.count ? records.bytesRead() : batch.bytesRead[at];
  }

  @Override
  public void close() {
    records.close();
  }
}
