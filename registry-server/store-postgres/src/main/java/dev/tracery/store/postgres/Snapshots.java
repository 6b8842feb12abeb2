package dev.tracery.store.postgres;

import dev.tracery.model.Sha256;
import dev.tracery.store.Store.Snapshot;
import dev.tracery.store.packing.Packing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Snapshots beside the log, each in parts.
final class Snapshots {

  private final DatabaseUrl url;
  private final Database database;
  private final LastKnown lastKnown;
  private final Monitor monitor;

  Snapshots(DatabaseUrl url, Database database, LastKnown lastKnown, Monitor monitor) {
    this.url = url;
    this.database = database;
    this.lastKnown = lastKnown;
    this.monitor = monitor;
  }

  private record Part(Packing.Packed packed, byte[] sha256) {}

  Optional<Snapshot> read() {
    return database.read("cannot be read", this::read);
  }

  void save(Snapshot snapshot) {
    if (snapshot.revision() < 1 || snapshot.parts().isEmpty()) {
      throw new IllegalArgumentException(
          "expected a snapshot of a revision from 1, with parts, but found revision %d with %d"
              .formatted(snapshot.revision(), snapshot.parts().size()));
    }
    List<Part> parts = new ArrayList<>();
    // Why packed first: so that no transaction is open meanwhile.
    try (Packing.Packer packer = new Packing.Packer()) {
      for (byte[] content : snapshot.parts()) {
        parts.add(new Part(packer.pack(content), Sha256.of(content).bytes()));
      }
    }
    try {
      database.inTransaction(connection -> save(connection, snapshot.revision(), parts));
    } catch (SQLException e) {
      throw PostgresFailure.of(url, "cannot be written", e);
    }
  }

  private Optional<Snapshot> read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(Schema.SELECT_SNAPSHOT)) {
      long revision = 0;
      long expected = 0;
      UUID append = new UUID(0, 0);
      List<byte[]> parts = new ArrayList<>();
      while (row.next()) {
        revision = row.getLong(1);
        expected = row.getLong(2);
        append = row.getObject(3, UUID.class);
        String name = "the snapshot of revision " + revision;
        if (!append.equals(row.getObject(4, UUID.class))) {
          throw PostgresFailure.corrupt(url, name + " is of another log");
        }
        if (row.getInt(5) != parts.size() || row.getObject(5) == null) {
          throw PostgresFailure.corrupt(url, name + " lacks its part " + (parts.size() + 1));
        }
        byte[] part = Rows.unpack(url, row, 7, name);
        if (!Sha256.of(part).equals(Sha256.ofBytes(row.getBytes(6)))) {
          throw PostgresFailure.corrupt(
              url, name + " is not what was stored, in its part " + (parts.size() + 1));
        }
        parts.add(part);
      }
      if (revision == 0) {
        return Optional.empty();
      }
      if (parts.size() != expected) {
        throw PostgresFailure.corrupt(
            url,
            "the snapshot of revision %d has %d parts instead of %d"
                .formatted(revision, parts.size(), expected));
      }
      lastKnown.remember(revision, append);
      return Optional.of(new Snapshot(revision, parts));
    }
  }

  private boolean save(Connection connection, long revision, List<Part> parts) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(Schema.LOCK_SNAPSHOTS);
    }
    Appender.head(connection, lastKnown.get(), monitor);
    if (!insert(connection, revision, append(connection, revision), parts.size())) {
      return false;
    }
    try (PreparedStatement statement = connection.prepareStatement(Schema.INSERT_PART)) {
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        statement.setLong(1, revision);
        statement.setInt(2, i);
        statement.setBytes(3, part.sha256());
        statement.setInt(4, part.packed().packing().number());
        statement.setInt(5, part.packed().size());
        statement.setBytes(6, part.packed().bytes());
        statement.executeUpdate();
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(Schema.DELETE_SNAPSHOTS)) {
      statement.setLong(1, revision);
      statement.executeUpdate();
    }
    return true;
  }

  private static UUID append(Connection connection, long revision) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Schema.SELECT_APPEND)) {
      statement.setLong(1, revision);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new IllegalArgumentException(
              "expected a snapshot of a revision of the log but found one of " + revision);
        }
        return row.getObject(1, UUID.class);
      }
    }
  }

  private static boolean insert(Connection connection, long revision, UUID append, int parts)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Schema.INSERT_SNAPSHOT)) {
      statement.setLong(1, revision);
      statement.setObject(2, append);
      statement.setInt(3, parts);
      return statement.executeUpdate() == 1;
    }
  }
}
