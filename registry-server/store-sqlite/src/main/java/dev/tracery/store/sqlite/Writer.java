package dev.tracery.store.sqlite;

import dev.tracery.model.Sha256;
import dev.tracery.store.Store.Commit;
import dev.tracery.store.packing.Packing;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/// The one connection that appends. Not thread-safe.
final class Writer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Writer.class.getName());

  /// What is done inside one transaction.
  interface Step {
    void run() throws SQLException;
  }

  /// The last commit's revision and time; zeros for the empty log.
  record Head(long revision, long timeMillis) {}

  private final Connection connection;
  private final Statement control;
  private final PreparedStatement insertCommit;
  private final PreparedStatement findBlob;
  private final PreparedStatement insertBlob;
  private final PreparedStatement insertPart;
  private final PreparedStatement deleteOtherSnapshots;
  private final Packing.Packer packer = new Packing.Packer();

  private Writer(Connection connection) throws SQLException {
    this.connection = connection;
    this.control = connection.createStatement();
    this.insertCommit = connection.prepareStatement(Schema.INSERT_COMMIT);
    this.findBlob = connection.prepareStatement(Schema.FIND_BLOB);
    this.insertBlob = connection.prepareStatement(Schema.INSERT_BLOB);
    this.insertPart = connection.prepareStatement(Schema.INSERT_PART);
    this.deleteOtherSnapshots = connection.prepareStatement(Schema.DELETE_OTHER_SNAPSHOTS);
  }

  static Writer open(Path file) throws SQLException {
    Connection connection = Connections.write(file);
    try {
      Schema.open(connection, file);
      return new Writer(connection);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  Head head() throws SQLException {
    try (ResultSet row = control.executeQuery(Schema.SELECT_HEAD)) {
      return row.next() ? new Head(row.getLong(1), row.getLong(2)) : new Head(0, 0);
    }
  }

  /// Does `step` whole or, if it throws, not at all. Returns when the disk has it.
  void atomically(Step step) throws SQLException {
    control.execute("BEGIN IMMEDIATE");
    try {
      step.run();
      control.execute("COMMIT");
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(e);
      throw e;
    }
  }

  /// Adds a commit and those of its blobs that are not there. Only inside [#atomically].
  void put(Commit commit, Map<Sha256, byte[]> blobs) throws SQLException {
    for (Map.Entry<Sha256, byte[]> blob : blobs.entrySet()) {
      byte[] hash = blob.getKey().bytes();
      if (!hasBlob(hash)) {
        insertBlob.setBytes(1, hash);
        setPacked(insertBlob, 2, blob.getValue());
        insertBlob.executeUpdate();
      }
    }
    insertCommit.setLong(1, commit.revision());
    insertCommit.setLong(2, commit.timeMillis());
    insertCommit.setLong(3, Schema.checksum(commit));
    setPacked(insertCommit, 4, commit.entries());
    insertCommit.executeUpdate();
  }

  /// The revision of the newest snapshot, 0 for none.
  long snapshotRevision() throws SQLException {
    try (ResultSet row = control.executeQuery(Schema.SELECT_SNAPSHOT_REVISION)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /// Keeps a snapshot instead of all others. Only inside [#atomically].
  void put(PackedSnapshot snapshot) throws SQLException {
    int count = snapshot.parts().size();
    for (int i = 0; i < count; i++) {
      PackedSnapshot.Part part = snapshot.parts().get(i);
      insertPart.setLong(1, snapshot.revision());
      insertPart.setInt(2, i);
      insertPart.setInt(3, count);
      insertPart.setLong(4, part.checksum());
      setPacked(insertPart, 5, part.packed());
      insertPart.executeUpdate();
    }
    deleteOtherSnapshots.setLong(1, snapshot.revision());
    deleteOtherSnapshots.executeUpdate();
  }

  @Override
  public void close() {
    packer.close();
    try {
      connection.close();
    } catch (SQLException e) {
      // Why not thrown: whatever was acknowledged is on disk already, and the next start tidies up.
      LOG.log(System.Logger.Level.WARNING, "closing the store's file failed: " + e.getMessage());
    }
  }

  private boolean hasBlob(byte[] hash) throws SQLException {
    findBlob.setBytes(1, hash);
    try (ResultSet row = findBlob.executeQuery()) {
      return row.next();
    }
  }

  private void setPacked(PreparedStatement statement, int from, byte[] content)
      throws SQLException {
    setPacked(statement, from, packer.pack(content));
  }

  private static void setPacked(PreparedStatement statement, int from, Packing.Packed packed)
      throws SQLException {
    statement.setInt(from, packed.packing().number());
    statement.setInt(from + 1, packed.size());
    statement.setBytes(from + 2, packed.bytes());
  }

  private void rollBack(Throwable cause) {
    try {
      control.execute("ROLLBACK");
    } catch (SQLException e) {
      // Why: after some failures SQLite has rolled back by itself, and now complains.
      cause.addSuppressed(e);
    }
  }
}
