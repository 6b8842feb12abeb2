package dev.tracery.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteOpenMode;

/// Connections to a store's file, each with the settings that make it safe.
final class Connections {

  private static final int BUSY_TIMEOUT_MILLIS = 10_000;

  private Connections() {}

  /// A connection that makes `file`, which is not there yet.
  static Connection create(Path file) throws SQLException {
    return connect(file, config());
  }

  /// A connection that appends to `file`, which is there.
  static Connection write(Path file) throws SQLException {
    SQLiteConfig config = config();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    return connect(file, config);
  }

  /// A connection that reads `file`, which is there.
  static Connection read(Path file) throws SQLException {
    SQLiteConfig config = config();
    config.setReadOnly(true);
    return connect(file, config);
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    // Why: in WAL mode this syncs the log at each commit, before the commit returns.
    config.setSynchronous(SynchronousMode.FULL);
    return config;
  }

  private static Connection connect(Path file, SQLiteConfig config) throws SQLException {
    // Why a URI: a `?` in a bare name, or a name like `:memory:`, has a meaning to the driver.
    String url = JDBC.PREFIX + file.toUri();
    Connection connection = JDBC.createConnection(url, config.toProperties());
    try (Statement statement = connection.createStatement()) {
      // Why: macOS's fsync does not reach the platter; elsewhere these two do nothing.
      statement.execute("PRAGMA fullfsync = ON");
      statement.execute("PRAGMA checkpoint_fullfsync = ON");
      statement.execute("PRAGMA cell_size_check = ON");
      statement.execute("PRAGMA trusted_schema = OFF");
      statement.execute("PRAGMA journal_size_limit = 4194304");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
