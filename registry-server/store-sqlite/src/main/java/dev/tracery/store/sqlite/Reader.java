package dev.tracery.store.sqlite;

import dev.tracery.model.Sha256;
import dev.tracery.store.Store.Commit;
import dev.tracery.store.Store.Snapshot;
import dev.tracery.store.packing.Packing;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;

/// A connection that reads. Not thread-safe.
final class Reader implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Reader.class.getName());

  private final Path file;
  private final Connection connection;
  private final PreparedStatement selectCommits;
  private final PreparedStatement selectBlob;
  private final PreparedStatement selectSize;
  private final PreparedStatement selectHead;
  private final PreparedStatement selectParts;

  private Reader(Path file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    this.selectCommits = connection.prepareStatement(Schema.SELECT_COMMITS);
    this.selectBlob = connection.prepareStatement(Schema.SELECT_BLOB);
    this.selectSize = connection.prepareStatement(Schema.SELECT_SIZE);
    this.selectHead = connection.prepareStatement(Schema.SELECT_HEAD);
    this.selectParts = connection.prepareStatement(Schema.SELECT_PARTS);
  }

  static Reader open(Path file) throws SQLException {
    Connection connection = Connections.read(file);
    try {
      return new Reader(file, connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  List<Commit> commits(long afterRevision, int limit) throws SQLException {
    selectCommits.setLong(1, afterRevision);
    selectCommits.setInt(2, limit);
    List<Commit> commits = new ArrayList<>();
    try (ResultSet row = selectCommits.executeQuery()) {
      while (row.next()) {
        commits.add(commit(row, afterRevision + commits.size() + 1));
      }
    }
    return commits;
  }

  Optional<byte[]> blob(Sha256 hash) throws SQLException {
    selectBlob.setBytes(1, hash.bytes());
    try (ResultSet row = selectBlob.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      byte[] content = unpack(row, 1, "blob " + hash);
      if (!Sha256.of(content).equals(hash)) {
        throw SqliteFailure.corrupt(file, "blob " + hash + " is not what was stored");
      }
      return Optional.of(content);
    }
  }

  Optional<Snapshot> snapshot() throws SQLException {
    long revision = 0;
    int expected = 0;
    List<byte[]> parts = new ArrayList<>();
    try (ResultSet row = selectParts.executeQuery()) {
      while (row.next()) {
        revision = row.getLong(1);
        expected = row.getInt(3);
        String name = "part %d of the snapshot of revision %d".formatted(parts.size(), revision);
        if (row.getInt(2) != parts.size()) {
          throw SqliteFailure.corruptSnapshot(file, name + " is missing");
        }
        parts.add(part(row, revision, parts.size(), name));
      }
    }
    if (parts.size() != expected) {
      throw SqliteFailure.corruptSnapshot(
          file,
          "the snapshot of revision %d has %d of %d parts"
              .formatted(revision, parts.size(), expected));
    }
    // Why after the parts: the log only grows.
    if (revision > head()) {
      throw SqliteFailure.corruptSnapshot(
          file, "the log does not have revision %d of the snapshot".formatted(revision));
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(new Snapshot(revision, parts));
  }

  private byte[] part(ResultSet row, long revision, int part, String name) throws SQLException {
    byte[] content;
    try {
      content = unpack(row, 5);
    } catch (DataFormatException e) {
      throw SqliteFailure.corruptSnapshot(
          file, name + " cannot be unpacked (" + e.getMessage() + ")");
    }
    if (Schema.checksum(revision, part, row.getInt(3), content) != row.getLong(4)) {
      throw SqliteFailure.corruptSnapshot(file, name + " is not what was stored");
    }
    return content;
  }

  private long head() throws SQLException {
    try (ResultSet row = selectHead.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  long sizeInBytes() throws SQLException {
    try (ResultSet row = selectSize.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.WARNING, "closing a reader failed: " + e.getMessage());
    }
  }

  private Commit commit(ResultSet row, long expectedRevision) throws SQLException {
    String name = "revision " + expectedRevision;
    if (row.getLong(1) != expectedRevision) {
      throw SqliteFailure.corrupt(file, name + " is missing");
    }
    Commit commit = new Commit(expectedRevision, row.getLong(2), unpack(row, 4, name));
    if (Schema.checksum(commit) != row.getLong(3)) {
      throw SqliteFailure.corrupt(file, name + " is not what was stored");
    }
    return commit;
  }

  private byte[] unpack(ResultSet row, int from, String name) throws SQLException {
    try {
      return unpack(row, from);
    } catch (DataFormatException e) {
      throw SqliteFailure.corrupt(file, name + " cannot be unpacked (" + e.getMessage() + ")");
    }
  }

  private static byte[] unpack(ResultSet row, int from) throws SQLException, DataFormatException {
    byte[] bytes = row.getBytes(from + 2);
    return Packing.of(row.getInt(from))
        .unpack(bytes == null ? new byte[0] : bytes, row.getInt(from + 1));
  }
}
