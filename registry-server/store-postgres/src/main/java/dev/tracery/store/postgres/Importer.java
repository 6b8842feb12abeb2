package dev.tracery.store.postgres;

import dev.tracery.store.Store.AppendResult;
import dev.tracery.store.Store.AppendResult.Appended;
import dev.tracery.store.Store.AppendResult.HeadMoved;
import dev.tracery.store.Store.PendingCommit;
import dev.tracery.store.packing.Packing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Fills an empty log in one transaction, some commits at a time.
final class Importer {

  private static final int COMMITS_AT_ONCE = 500;
  private static final long BYTES_AT_ONCE = 4 << 20;

  private final Settings settings;
  private final UUID append = UUID.randomUUID();
  private final List<Row> rows = new ArrayList<>();
  private final Packing.Packer packer;
  private PackedBlobs blobs = new PackedBlobs();
  private long size;
  private long revision;
  private long timeMillis;

  private record Row(long revision, long timeMillis, long checksum, Packing.Packed entries) {}

  /// @param packer which the caller closes
  Importer(Settings settings, Packing.Packer packer) {
    this.settings = settings;
    this.packer = packer;
  }

  /// Which is every commit's.
  UUID append() {
    return append;
  }

  /// The last commit's revision and time.
  Appended appended() {
    return new Appended(revision, timeMillis);
  }

  /// Only inside a transaction.
  AppendResult run(Connection connection, Iterable<PendingCommit> commits) throws SQLException {
    long before = head(connection);
    if (before > 0) {
      return new HeadMoved(before);
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(Schema.SET_LOCK_TIMEOUT);
    }
    for (PendingCommit commit : commits) {
      add(commit);
      // Why the first one alone: whoever has revision 1 has the log, and all others wait.
      if (revision == 1) {
        if (write(connection) == 0) {
          return new HeadMoved(head(connection));
        }
      } else if (rows.size() == COMMITS_AT_ONCE || size + blobs.size() > BYTES_AT_ONCE) {
        write(connection);
      }
    }
    write(connection);
    if (settings.notifications() && revision > 0) {
      try (PreparedStatement statement = connection.prepareStatement(Schema.SELECT_NOTIFY)) {
        statement.setString(1, Long.toString(revision));
        statement.execute();
      }
    }
    return appended();
  }

  /// Waits until no import and no append is under way, and lets none begin until the transaction
  /// ends.
  static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(Schema.SET_LOCK_TIMEOUT);
      statement.execute(Schema.LOCK_LOG);
    }
  }

  private static long head(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Schema.SELECT_HEAD)) {
      statement.setLong(1, 0);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private void add(PendingCommit commit) {
    byte[] entries = commit.entries();
    if (entries.length == 0) {
      throw new IllegalArgumentException("expected a commit with entries but found none");
    }
    if (commit.timeMillis() < timeMillis) {
      throw new IllegalArgumentException(
          "expected commit %d at %d or later but found %d (milliseconds since 1970)"
              .formatted(revision + 1, timeMillis, commit.timeMillis()));
    }
    revision++;
    timeMillis = commit.timeMillis();
    Packing.Packed packed = packer.pack(entries);
    size += packed.bytes().length;
    rows.add(
        new Row(revision, timeMillis, Schema.checksum(revision, entries) ^ timeMillis, packed));
    blobs.add(packer, commit.blobs());
  }

  /// How many commits were written.
  private int write(Connection connection) throws SQLException {
    int written = rows.isEmpty() ? 0 : writeCommits(connection);
    if (!blobs.isEmpty() && written > 0) {
      try (PreparedStatement statement = connection.prepareStatement(Schema.INSERT_BLOBS)) {
        blobs.set(connection, statement, 1);
        statement.executeUpdate();
      }
    }
    rows.clear();
    blobs = new PackedBlobs();
    size = 0;
    return written;
  }

  private int writeCommits(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Schema.INSERT_COMMITS)) {
      statement.setObject(1, append);
      statement.setArray(2, bigints(connection, rows.stream().map(Row::revision).toList()));
      statement.setArray(3, bigints(connection, rows.stream().map(Row::timeMillis).toList()));
      statement.setArray(4, bigints(connection, rows.stream().map(Row::checksum).toList()));
      statement.setArray(
          5,
          connection.createArrayOf(
              "int2",
              rows.stream().map(row -> (short) row.entries().packing().number()).toArray()));
      statement.setArray(
          6,
          connection.createArrayOf(
              "int4", rows.stream().map(row -> row.entries().size()).toArray()));
      statement.setArray(
          7,
          connection.createArrayOf(
              "bytea", rows.stream().map(row -> row.entries().bytes()).toArray(byte[][]::new)));
      return statement.executeUpdate();
    }
  }

  private static java.sql.Array bigints(Connection connection, List<Long> values)
      throws SQLException {
    return connection.createArrayOf("int8", values.toArray());
  }
}
