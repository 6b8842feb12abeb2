package dev.tracery.store.sqlite;

import dev.tracery.store.Store.Commit;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.zip.CRC32C;

/// The tables, and every statement that touches them.
final class Schema {

  /// The file header's `application_id`: `Trcy`.
  static final int APPLICATION_ID = 0x54726379;

  /// The file header's `user_version`: which tables the file has.
  static final int VERSION = 1;

  static final String INSERT_COMMIT =
      "INSERT INTO log (revision, time_millis, checksum, packing, size, entries)"
          + " VALUES (?, ?, ?, ?, ?, ?)";
  static final String SELECT_COMMITS =
      "SELECT revision, time_millis, checksum, packing, size, entries FROM log"
          + " WHERE revision > ? ORDER BY revision LIMIT ?";
  static final String SELECT_HEAD =
      "SELECT revision, time_millis FROM log ORDER BY revision DESC LIMIT 1";
  static final String FIND_BLOB = "SELECT 1 FROM blob WHERE hash = ?";
  static final String INSERT_BLOB =
      "INSERT INTO blob (hash, packing, size, content) VALUES (?, ?, ?, ?)";
  static final String SELECT_BLOB = "SELECT packing, size, content FROM blob WHERE hash = ?";
  static final String SELECT_SIZE =
      "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";

  private static final List<String> CREATE =
      List.of(
          """
          CREATE TABLE log (
            revision INTEGER PRIMARY KEY CHECK (revision > 0),
            time_millis INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            packing INTEGER NOT NULL,
            size INTEGER NOT NULL,
            entries BLOB NOT NULL
          ) STRICT
          """,
          """
          CREATE TABLE blob (
            id INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            packing INTEGER NOT NULL,
            size INTEGER NOT NULL,
            content BLOB NOT NULL
          ) STRICT
          """,
          "PRAGMA application_id = " + APPLICATION_ID,
          "PRAGMA user_version = " + VERSION);

  private Schema() {}

  /// Makes the tables in an empty file.
  static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("BEGIN IMMEDIATE");
      for (String sql : CREATE) {
        statement.execute(sql);
      }
      statement.execute("COMMIT");
    }
  }

  /// Checks that a file, whose header was checked, is what [#create] made.
  static void check(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // Why: somebody may have set another journal mode with SQLite's own tools.
      String mode = text(statement, "PRAGMA journal_mode = WAL");
      if (!mode.equals("wal")) {
        throw SqliteFailure.corrupt(file, "its journal mode is " + mode);
      }
      String tables =
          text(
              statement,
              "SELECT coalesce(group_concat(name), '') FROM"
                  + " (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)");
      if (!tables.equals("blob,log")) {
        throw SqliteFailure.corrupt(file, "expected the tables blob,log but found " + tables);
      }
    }
  }

  /// CRC-32C of revision and time (8 bytes each, big-endian) and entries, unpacked.
  static long checksum(Commit commit) {
    CRC32C crc = new CRC32C();
    crc.update(
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(commit.revision())
            .putLong(commit.timeMillis())
            .flip());
    crc.update(commit.entries());
    return crc.getValue();
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getString(1) : "";
    }
  }
}
