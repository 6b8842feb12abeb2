package dev.tracery.store.postgres;

import dev.tracery.model.Sha256;
import dev.tracery.store.Store;
import dev.tracery.store.StoreContract;

final class PostgresStoreContractTest extends StoreContract {

  private final String schema = SharedPostgres.newSchema();

  @Override
  protected Store open() {
    return new PostgresStore(SharedPostgres.settings(schema), () -> {});
  }

  @Override
  protected void damageEntries(long revision) {
    sql("UPDATE %s.log SET entries = '\\x00' WHERE revision = %d".formatted(schema, revision));
  }

  @Override
  protected void damageBlob(Sha256 hash) {
    sql("UPDATE %s.blob SET content = '\\x00' WHERE hash = '\\x%s'".formatted(schema, hash.hex()));
  }

  @Override
  protected void damageSnapshot() {
    sql("UPDATE %s.snapshot_part SET content = '\\x00'".formatted(schema));
  }

  private static void sql(String statement) {
    SharedPostgres.SERVER.sql(SharedPostgres.DATABASE, statement);
  }
}
