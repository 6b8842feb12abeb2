package dev.tracery.store.sqlite;

import dev.tracery.model.Sha256;
import dev.tracery.store.Store;
import dev.tracery.store.StoreContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStoreContractTest extends StoreContract {

  @TempDir Path directory;

  @Override
  protected Store open() {
    return new SqliteStore(file());
  }

  @Override
  protected void damageEntries(long revision) throws Exception {
    try (Connection connection = Connections.write(file());
        PreparedStatement update =
            connection.prepareStatement("UPDATE log SET entries = x'00' WHERE revision = ?")) {
      update.setLong(1, revision);
      update.executeUpdate();
    }
  }

  @Override
  protected void damageBlob(Sha256 hash) throws Exception {
    try (Connection connection = Connections.write(file());
        PreparedStatement update =
            connection.prepareStatement("UPDATE blob SET content = x'00' WHERE hash = ?")) {
      update.setBytes(1, hash.bytes());
      update.executeUpdate();
    }
  }

  private Path file() {
    return directory.resolve("registry.db");
  }

  @Override
  protected void damageSnapshot() throws Exception {
    try (Connection connection = Connections.write(file());
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE snapshot_part SET content = x'00'");
    }
  }
}
