package dev.tracery.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// The size of the embedded store of a server that runs.
///
/// @param data the server's data directory
record StoreSize(Path data) {

  /// Bytes of the pages in use, after everything in SQLite's write-ahead log was moved into the
  /// file; with every other file of the directory except SQLite's own.
  long bytes() throws SQLException, IOException {
    Path file = data.resolve("registry.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      try (ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
        if (result.next() && result.getInt(1) != 0) {
          throw new SQLException("the write-ahead log is in use and cannot be moved into the file");
        }
      }
      long pages = pragma(statement, "page_count") - pragma(statement, "freelist_count");
      return pages * pragma(statement, "page_size") + otherFiles();
    }
  }

  private long otherFiles() throws IOException {
    try (var files = Files.walk(data)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().startsWith("registry.db")) {
          bytes += Files.size(file);
        }
      }
      return bytes;
    }
  }

  private static long pragma(Statement statement, String name) throws SQLException {
    try (ResultSet result = statement.executeQuery("PRAGMA " + name)) {
      return result.getLong(1);
    }
  }
}
