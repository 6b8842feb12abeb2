package dev.tracery.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A few connections for many threads. A call that finds the database away fails at once; one that
/// finds a connection broken, as after a restart, takes another. Thread-safe.
final class Database implements AutoCloseable {

  /// Something that is asked. In auto-commit mode, and may be asked twice.
  interface Query<T> {
    T run(Connection connection) throws SQLException;
  }

  // Why so long: a big commit on a slow disk takes its time. A database that is silent altogether
  // is
  // noticed by the monitor, which breaks these connections.
  private static final int SILENT_SECONDS = 10;

  private static final int ATTEMPTS = 3;

  // Why kept: a logger that nobody holds forgets its level. The monitor says what the pool would.
  private static final Logger POOL_LOGGER = Logger.getLogger("com.zaxxer.hikari");

  static {
    POOL_LOGGER.setLevel(Level.OFF);
  }

  private final DatabaseUrl url;
  private final Reachability reachability;
  private final HikariDataSource pool;
  private final Set<Connection> inUse = ConcurrentHashMap.newKeySet();

  Database(Settings settings, Reachability reachability) {
    this.url = settings.url();
    this.reachability = reachability;
    HikariConfig config = new HikariConfig();
    config.setPoolName("tracery");
    config.setDataSource(Sources.source(settings, SILENT_SECONDS));
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(1);
    config.setIdleTimeout(TimeUnit.MINUTES.toMillis(1));
    config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(Sources.loginSeconds(url)));
    config.setValidationTimeout(TimeUnit.SECONDS.toMillis(1));
    // Why: that the database is there was found out with another connection.
    config.setInitializationFailTimeout(-1);
    this.pool = new HikariDataSource(config);
  }

  /// Reads.
  ///
  /// @param what what does not work if it fails: "cannot be read"
  <T> T read(String what, Query<T> query) {
    try {
      for (int attempt = 1; ; attempt++) {
        reachability.check();
        try {
          return once(query);
        } catch (SQLException e) {
          if (!PostgresFailure.isLost(e) || attempt == ATTEMPTS) {
            throw e;
          }
        }
      }
    } catch (SQLException e) {
      throw PostgresFailure.of(url, what, e);
    }
  }

  /// Does it once, whether or not the database seems to be there.
  <T> T once(Query<T> query) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return onceWith(connection, query);
    }
  }

  /// Does it once in a transaction, which is committed at the end, or undone if it throws.
  <T> T inTransaction(Query<T> query) throws SQLException {
    return once(connection -> {
      connection.setAutoCommit(false);
      try {
        T answer = query.run(connection);
        connection.commit();
        return answer;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      }
    });
  }

  /// A connection, for who must know whether anything was sent before it failed.
  Connection connection() throws SQLException {
    return pool.getConnection();
  }

  <T> T onceWith(Connection connection, Query<T> query) throws SQLException {
    inUse.add(connection);
    try {
      return query.run(connection);
    } finally {
      inUse.remove(connection);
    }
  }

  /// Breaks every connection, also those that are waited for.
  void breakConnections() {
    pool.getHikariPoolMXBean().softEvictConnections();
    for (Connection connection : inUse) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        // Why ignored: then it was broken already.
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
