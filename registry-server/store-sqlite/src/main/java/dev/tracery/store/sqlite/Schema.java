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
  static final int VERSION = 2;

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

  static final String INSERT_PART =
      "INSERT INTO snapshot_part (revision, part, parts, checksum, packing, size, content)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?)";
  static final String SELECT_PARTS =
      "SELECT revision, part, parts, checksum, packing, size, content FROM snapshot_part"
          + " WHERE revision = (SELECT max(revision) FROM snapshot_part) ORDER BY part";
  static final String SELECT_SNAPSHOT_REVISION = "SELECT max(revision) FROM snapshot_part";
  static final String DELETE_OTHER_SNAPSHOTS = "DELETE FROM snapshot_part WHERE revision <> ?";

  // Why kept as it was: files that were made with it are brought up from here.
  private static final List<String> VERSION_1 =
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
          "PRAGMA application_id = " + APPLICATION_ID);

  private static final List<String> VERSION_2 =
      List.of(
          """
          CREATE TABLE snapshot_part (
            revision INTEGER NOT NULL CHECK (revision > 0),
            part INTEGER NOT NULL,
            parts INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            packing INTEGER NOT NULL,
            size INTEGER NOT NULL,
            content BLOB NOT NULL,
            PRIMARY KEY (revision, part)
          ) STRICT
          """);

  // What makes a file of version i one of version i + 1.
  private static final List<List<String>> MIGRATIONS = List.of(VERSION_1, VERSION_2);

  private Schema() {}

  /// Makes the tables in an empty file.
  static void create(Connection connection) throws SQLException {
    create(connection, VERSION);
  }

  /// Makes the tables as they were in an earlier version.
  static void create(Connection connection, int version) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      migrate(statement, 0, version);
    }
  }

  /// Brings a file, whose header was checked, up to this version, and checks that it is what
  /// [#create] makes.
  static void open(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // Why: somebody may have set another journal mode with SQLite's own tools.
      String mode = text(statement, "PRAGMA journal_mode = WAL");
      if (!mode.equals("wal")) {
        throw SqliteFailure.corrupt(file, "its journal mode is " + mode);
      }
      // Why again: what the file's header says may be older than what its write-ahead log does.
      int version = Integer.parseInt(text(statement, "PRAGMA user_version"));
      FileHeader.checkVersion(file, version);
      checkTables(statement, file, version);
      if (version < VERSION) {
        migrate(statement, version, VERSION);
      }
    }
  }

  private static void migrate(Statement statement, int from, int to) throws SQLException {
    statement.execute("BEGIN IMMEDIATE");
    try {
      for (List<String> step : MIGRATIONS.subList(from, to)) {
        for (String sql : step) {
          statement.execute(sql);
        }
      }
      statement.execute("PRAGMA user_version = " + to);
      statement.execute("COMMIT");
    } catch (SQLException e) {
      try {
        statement.execute("ROLLBACK");
      } catch (SQLException suppressed) {
        // Why: after some failures SQLite has rolled back by itself, and now complains.
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private static void checkTables(Statement statement, Path file, int version) throws SQLException {
    String expected = version == 1 ? "blob,log" : "blob,log,snapshot_part";
    String tables =
        text(
            statement,
            "SELECT coalesce(group_concat(name), '') FROM"
                + " (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)");
    if (!tables.equals(expected)) {
      throw SqliteFailure.corrupt(file, "expected the tables " + expected + " but found " + tables);
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

  /// CRC-32C of a snapshot's revision (8 bytes), a part's place and the number of parts (4 bytes
  /// each, all big-endian) and its content, unpacked.
  static long checksum(long revision, int part, int parts, byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(
        ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES)
            .putLong(revision)
            .putInt(part)
            .putInt(parts)
            .flip());
    crc.update(content);
    return crc.getValue();
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getString(1) : "";
    }
  }
}
