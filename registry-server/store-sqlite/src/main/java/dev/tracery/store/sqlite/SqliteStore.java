package dev.tracery.store.sqlite;

import dev.tracery.model.Sha256;
import dev.tracery.store.HeadListeners;
import dev.tracery.store.Store;
import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/// A [Store] in one SQLite file. Appends go one after the other through one connection; reads run
/// beside them, each on a connection of its own.
///
/// Settings, as framework properties: `tracery.store.path`, the file. Without it, `registry.db` in
/// the directory `tracery.data`. Beside it, SQLite's native library is kept in `native`.
@Component(service = Store.class)
public final class SqliteStore implements Store {

  private static final Duration HEARD = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final StoreFile file;
  private final Writer writer;
  private final Readers readers;
  private final HeadListeners listeners = new HeadListeners();

  // Why: held over a whole append, so that nothing comes between its check and its commit.
  private final ReentrantLock appending = new ReentrantLock();
  private volatile long head;
  private long headTimeMillis;
  private volatile boolean closed;
  private volatile @Nullable Server announced;

  /// Opens the store that the framework's properties name. A failure is also said with a service
  /// (`docs/decisions/0501-the-server-says-that-it-listens-with-a-service.md`).
  @Activate
  public SqliteStore(BundleContext context) {
    this(opened(context), InstantSource.system());
  }

  /// Opens the store in `file`, or makes a new one if there is no such file or an empty one.
  ///
  /// @throws StoreException if it cannot be opened; the file is then as it was before
  public SqliteStore(Path file) {
    this(file, InstantSource.system());
  }

  SqliteStore(Path file, InstantSource clock) {
    this(Opened.open(file), clock);
  }

  private SqliteStore(Opened opened, InstantSource clock) {
    this.clock = clock;
    this.file = opened.file();
    this.writer = opened.writer();
    this.readers = new Readers(file.path());
    this.head = opened.head().revision();
    this.headTimeMillis = opened.head().timeMillis();
  }

  @Override
  public long head() {
    checkOpen();
    return head;
  }

  @Override
  public AppendResult append(long expectedHead, byte[] entries, Map<Sha256, byte[]> blobs) {
    checkEntries(entries);
    AppendResult.Appended appended;
    appending.lock();
    try {
      checkOpen();
      if (head != expectedHead) {
        return new AppendResult.HeadMoved(head);
      }
      long revision = expectedHead + 1;
      long time = Math.max(headTimeMillis, clock.millis());
      atomically(() -> writer.put(new Commit(revision, time, entries), blobs));
      moveHead(revision, time);
      appended = new AppendResult.Appended(revision, time);
    } finally {
      appending.unlock();
    }
    listeners.headMoved(appended.revision());
    return appended;
  }

  @Override
  public AppendResult appendAll(Iterable<PendingCommit> commits) {
    Import imported = new Import();
    appending.lock();
    try {
      checkOpen();
      if (head != 0) {
        return new AppendResult.HeadMoved(head);
      }
      atomically(() -> imported.putAll(commits));
      moveHead(imported.revision, imported.timeMillis);
    } finally {
      appending.unlock();
    }
    if (imported.revision > 0) {
      listeners.headMoved(imported.revision);
    }
    return new AppendResult.Appended(imported.revision, imported.timeMillis);
  }

  @Override
  public List<Commit> read(long afterRevision, int limit) {
    if (afterRevision < 0 || limit < 0) {
      throw new IllegalArgumentException(
          "expected numbers from 0 but found after %d, limit %d".formatted(afterRevision, limit));
    }
    return readers.use(reader -> reader.commits(afterRevision, limit));
  }

  @Override
  public Optional<byte[]> blob(Sha256 hash) {
    return readers.use(reader -> reader.blob(hash));
  }

  @Override
  public Subscription onHeadMoved(LongConsumer listener) {
    return listeners.add(listener);
  }

  @Override
  public Optional<Snapshot> snapshot() {
    return readers.use(Reader::snapshot);
  }

  @Override
  public void save(Snapshot snapshot) {
    if (snapshot.revision() < 1 || snapshot.revision() > head() || snapshot.parts().isEmpty()) {
      throw new IllegalArgumentException(
          "expected a snapshot of a revision from 1 to %d, with parts, but found revision %d, %d parts"
              .formatted(head(), snapshot.revision(), snapshot.parts().size()));
    }
    PackedSnapshot packed = PackedSnapshot.of(snapshot);
    appending.lock();
    try {
      checkOpen();
      atomically(() -> {
        long known = writer.snapshotRevision();
        // Why not one beyond the log: it is of no use to anybody.
        if (known < packed.revision() || known > head) {
          writer.put(packed);
        }
      });
    } finally {
      appending.unlock();
    }
  }

  @Override
  public Health health() {
    return Health.HERE;
  }

  @Override
  public void announce(Server server) {
    checkOpen();
    announced =
        new Server(
            server.id(),
            server.address(),
            server.version(),
            server.revision(),
            server.started(),
            clock.instant());
  }

  // Why only this one: the file is held against all other processes.
  @Override
  public List<Server> servers() {
    checkOpen();
    Server self = announced;
    return self == null || self.heard().isBefore(clock.instant().minus(HEARD))
        ? List.of()
        : List.of(self);
  }

  @Override
  public long sizeInBytes() {
    return readers.use(Reader::sizeInBytes);
  }

  @Override
  public String name() {
    return "sqlite";
  }

  @Deactivate
  @Override
  public void close() {
    appending.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      // Why in this order: the last connection to close moves the write-ahead log into the file,
      // which one that only reads cannot do.
      readers.close();
      writer.close();
      file.close();
    } finally {
      appending.unlock();
    }
  }

  private void atomically(Writer.Step step) {
    try {
      writer.atomically(step);
    } catch (SQLException e) {
      throw SqliteFailure.of(file.path(), "cannot be written", e);
    }
  }

  private void moveHead(long revision, long timeMillis) {
    headTimeMillis = timeMillis;
    head = revision;
  }

  private void checkOpen() {
    if (closed) {
      throw new StoreException(Reason.UNAVAILABLE, file.path() + " is closed");
    }
  }

  private static void checkEntries(byte[] entries) {
    if (entries.length == 0) {
      throw new IllegalArgumentException("expected a commit with entries but found none");
    }
  }

  private static Opened opened(BundleContext context) {
    try {
      Path path = Settings.path(context);
      Path directory = path.toAbsolutePath().getParent();
      if (directory != null && Files.isDirectory(directory)) {
        NativeLibrary.keepIn(directory.resolve("native"));
      }
      return Opened.open(path);
    } catch (StoreException e) {
      Settings.sayFailure(context, e);
      throw e;
    }
  }

  /// A file with its writer, both of which somebody must close.
  private record Opened(StoreFile file, Writer writer, Writer.Head head) {

    static Opened open(Path path) {
      StoreFile file = StoreFile.open(path);
      Writer writer = null;
      try {
        writer = Writer.open(file.path());
        return new Opened(file, writer, writer.head());
      } catch (SQLException e) {
        close(writer, file);
        throw SqliteFailure.of(file.path(), "cannot be opened", e);
      } catch (RuntimeException | Error e) {
        close(writer, file);
        throw e;
      }
    }

    private static void close(@Nullable Writer writer, StoreFile file) {
      if (writer != null) {
        writer.close();
      }
      file.close();
    }
  }

  /// One [#appendAll] on its way.
  private final class Import {
    private long revision;
    private long timeMillis;

    private void putAll(Iterable<PendingCommit> commits) throws SQLException {
      for (PendingCommit commit : commits) {
        checkEntries(commit.entries());
        if (commit.timeMillis() < timeMillis) {
          throw new IllegalArgumentException(
              "expected commit %d at %d or later but found %d (milliseconds since 1970)"
                  .formatted(revision + 1, timeMillis, commit.timeMillis()));
        }
        revision++;
        timeMillis = commit.timeMillis();
        writer.put(new Commit(revision, timeMillis, commit.entries()), commit.blobs());
      }
    }
  }
}
