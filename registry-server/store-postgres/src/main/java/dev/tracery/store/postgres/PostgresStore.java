package dev.tracery.store.postgres;

import dev.tracery.model.Sha256;
import dev.tracery.store.HeadListeners;
import dev.tracery.store.Store;
import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import dev.tracery.store.packing.Packing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/// A [Store] in a PostgreSQL database, which orders what many servers append
/// (`docs/decisions/1601-postgres-store.md`). Each method is one round trip to the database, but
/// for [#appendAll] and [#save].
final class PostgresStore implements Store {

  private final Settings settings;
  private final Reachability reachability = new Reachability();
  private final LastKnown lastKnown = new LastKnown();
  private final HeadListeners listeners = new HeadListeners();
  private final Database database;
  private final Monitor monitor;
  private final Appender appender;
  private final Snapshots snapshots;
  private final Announcer announcer;
  // Why: whoever closes waits for the calls that run.
  private final ReentrantReadWriteLock running = new ReentrantReadWriteLock();
  private volatile boolean closed;

  /// Opens the store, and makes the tables if the database is empty.
  ///
  /// @param whenRewound called once when the log is found to be another than before; this store is
  ///   of no use from then on
  /// @throws StoreException if it cannot be opened; the database is then as it was before
  PostgresStore(Settings settings, Runnable whenRewound) {
    this.settings = settings;
    this.database = new Database(settings, reachability);
    this.monitor = new Monitor(settings, database, reachability, lastKnown, listeners, whenRewound);
    this.appender = new Appender(settings, database, reachability, lastKnown, monitor);
    this.snapshots = new Snapshots(settings.url(), database, lastKnown, monitor);
    this.announcer = new Announcer(database, reachability);
    try {
      Connection connection = Monitor.openFirst(settings);
      new Migrator(settings.url()).migrate(connection);
      monitor.start(connection);
    } catch (SQLException e) {
      database.close();
      throw PostgresFailure.of(settings.url(), "cannot be opened", e);
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  @Override
  public long head() {
    return call(() ->
        database.read(
            "cannot be read", connection -> Appender.head(connection, lastKnown.get(), monitor)));
  }

  @Override
  public AppendResult append(long expectedHead, byte[] entries, Map<Sha256, byte[]> blobs) {
    if (entries.length == 0) {
      throw new IllegalArgumentException("expected a commit with entries but found none");
    }
    return tell(
        call(() -> {
          PackedBlobs packed = new PackedBlobs();
          try (Packing.Packer packer = new Packing.Packer()) {
            packed.add(packer, blobs);
          }
          return appender.append(expectedHead, entries, packed);
        }));
  }

  @Override
  public AppendResult appendAll(Iterable<PendingCommit> commits) {
    return tell(call(() -> importAll(commits)));
  }

  @Override
  public List<Commit> read(long afterRevision, int limit) {
    if (afterRevision < 0 || limit < 0) {
      throw new IllegalArgumentException(
          "expected numbers from 0 but found after %d, limit %d".formatted(afterRevision, limit));
    }
    return call(() ->
        database.read("cannot be read", connection -> commits(connection, afterRevision, limit)));
  }

  @Override
  public Optional<byte[]> blob(Sha256 hash) {
    return call(() -> database.read("cannot be read", connection -> blob(connection, hash)));
  }

  @Override
  public Subscription onHeadMoved(LongConsumer listener) {
    return listeners.add(listener);
  }

  @Override
  public Optional<Snapshot> snapshot() {
    return call(snapshots::read);
  }

  @Override
  public void save(Snapshot snapshot) {
    call(() -> {
      snapshots.save(snapshot);
      return true;
    });
  }

  @Override
  public Health health() {
    return reachability.health();
  }

  @Override
  public void announce(Server server) {
    checkOpen();
    announcer.announce(server);
  }

  @Override
  public List<Server> servers() {
    return call(announcer::servers);
  }

  @Override
  public long sizeInBytes() {
    return call(() ->
        database.read(
            "cannot be read",
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(Schema.SELECT_SIZE);
                  ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
              }
            }));
  }

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public void close() {
    running.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      running.writeLock().unlock();
    }
    announcer.close();
    monitor.close();
    database.close();
  }

  private <T> T call(Supplier<T> call) {
    running.readLock().lock();
    try {
      checkOpen();
      return call.get();
    } finally {
      running.readLock().unlock();
    }
  }

  private AppendResult tell(AppendResult result) {
    if (result instanceof AppendResult.Appended(long revision, _) && revision > 0) {
      listeners.headMoved(revision);
    }
    return result;
  }

  private AppendResult importAll(Iterable<PendingCommit> commits) {
    reachability.check();
    try (Packing.Packer packer = new Packing.Packer()) {
      Importer importer = new Importer(settings, packer);
      AppendResult result;
      try {
        result = database.inTransaction(connection -> importer.run(connection, commits));
      } catch (SQLException e) {
        if (!PostgresFailure.isLost(e)) {
          throw PostgresFailure.of(settings.url(), "cannot be written", e);
        }
        result = findImport(importer, e);
      }
      if (result instanceof AppendResult.Appended(long revision, _) && revision > 0) {
        lastKnown.remember(revision, importer.append());
      }
      return result;
    }
  }

  /// What became of an import whose connection was lost.
  private AppendResult findImport(Importer importer, SQLException lost) {
    try {
      // Why locked: what is under way still is finished then.
      boolean there =
          database.inTransaction(connection -> {
            Importer.lock(connection);
            OptionalLong found = Appender.find(connection, 1, importer.append());
            return found.isPresent();
          });
      if (there) {
        return importer.appended();
      }
    } catch (SQLException e) {
      throw appender.uncertain(e);
    }
    throw PostgresFailure.of(settings.url(), "cannot be written", lost);
  }

  private List<Commit> commits(Connection connection, long afterRevision, int limit)
      throws SQLException {
    LastKnown.Position known = lastKnown.get();
    List<Commit> commits = new ArrayList<>();
    UUID last = null;
    try (PreparedStatement statement = connection.prepareStatement(Schema.SELECT_COMMITS)) {
      statement.setLong(1, known.revision());
      statement.setLong(2, afterRevision);
      statement.setInt(3, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (known.append() != null && !known.append().equals(row.getObject(1, UUID.class))) {
            throw monitor.rewound(known.revision());
          }
          long revision = row.getLong(2);
          if (!row.wasNull()) {
            commits.add(commit(row, revision, afterRevision + commits.size() + 1));
            last = row.getObject(8, UUID.class);
          }
        }
      }
    }
    if (last != null) {
      lastKnown.remember(commits.getLast().revision(), last);
    }
    return commits;
  }

  private Commit commit(ResultSet row, long revision, long expectedRevision) throws SQLException {
    String name = "revision " + expectedRevision;
    if (revision != expectedRevision) {
      throw PostgresFailure.corrupt(settings.url(), name + " is missing");
    }
    Commit commit = new Commit(revision, row.getLong(3), Rows.unpack(settings.url(), row, 5, name));
    if (Schema.checksum(commit) != row.getLong(4)) {
      throw PostgresFailure.corrupt(settings.url(), name + " is not what was stored");
    }
    return commit;
  }

  private Optional<byte[]> blob(Connection connection, Sha256 hash) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Schema.SELECT_BLOB)) {
      statement.setBytes(1, hash.bytes());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        byte[] content = Rows.unpack(settings.url(), row, 1, "blob " + hash);
        if (!Sha256.of(content).equals(hash)) {
          throw PostgresFailure.corrupt(settings.url(), "blob " + hash + " is not what was stored");
        }
        return Optional.of(content);
      }
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new StoreException(Reason.UNAVAILABLE, settings.url() + " is closed");
    }
  }
}
