package dev.tracery.store.sqlite;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/// A few readers for many threads. A thread waits while all are in use.
final class Readers implements AutoCloseable {

  /// Something that is read.
  interface Query<T> {
    T run(Reader reader) throws SQLException;
  }

  private static final int LIMIT = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 16);

  private final Path file;
  private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();
  private final Semaphore free = new Semaphore(LIMIT);
  private volatile boolean closed;

  Readers(Path file) {
    this.file = file;
  }

  <T> T use(Query<T> query) {
    free.acquireUninterruptibly();
    try {
      if (closed) {
        throw new StoreException(Reason.UNAVAILABLE, file + " is closed");
      }
      Reader pooled = idle.pollFirst();
      Reader reader = pooled == null ? Reader.open(file) : pooled;
      try {
        T answer = query.run(reader);
        idle.addFirst(reader);
        return answer;
      } catch (SQLException | RuntimeException | Error e) {
        // Why: a reader that failed once is not trusted again.
        reader.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "cannot be read", e);
    } finally {
      free.release();
    }
  }

  /// Waits for the queries that run.
  @Override
  public void close() {
    free.acquireUninterruptibly(LIMIT);
    closed = true;
    free.release(LIMIT);
    idle.forEach(Reader::close);
    idle.clear();
  }
}
