package dev.tracery.store.postgres;

import dev.tracery.store.postgres.testing.TestPostgres;
import java.util.concurrent.atomic.AtomicInteger;

/// One server for the tests that do it no harm, each in a schema of its own. It is closed when the
/// tests' process ends.
final class SharedPostgres {

  static final TestPostgres SERVER = TestPostgres.started();
  static final String DATABASE = SERVER.newDatabase();

  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private SharedPostgres() {}

  /// The name of a new schema, empty, which belongs to [TestPostgres#ROLE].
  static String newSchema() {
    String name = "schema" + SCHEMAS.incrementAndGet();
    SERVER.sql(DATABASE, "CREATE SCHEMA %s AUTHORIZATION %s".formatted(name, TestPostgres.ROLE));
    return name;
  }

  static Settings settings(String schema) {
    return Settings.of(SERVER.url(DATABASE) + "?currentSchema=" + schema, TestPostgres.PASSWORD);
  }
}
