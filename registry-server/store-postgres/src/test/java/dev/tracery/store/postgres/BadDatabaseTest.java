package dev.tracery.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.model.Sha256;
import dev.tracery.store.Store;
import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import dev.tracery.store.postgres.Schema.Migration;
import dev.tracery.store.postgres.testing.TestPostgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Databases that cannot be used: each is refused with what is wrong and what to do, and is as it
/// was before.
final class BadDatabaseTest {

  private final TestPostgres server = SharedPostgres.SERVER;
  private final String schema = SharedPostgres.newSchema();
  private final String where =
      "database %s on 127.0.0.1:%d".formatted(SharedPostgres.DATABASE, server.port());

  @Test
  void a_wrong_password() {
    Settings right = SharedPostgres.settings(schema);

    StoreException e = refused(new Settings(right.url(), "wrong", 1_000, true, 2));

    assertEquals(
        Reason.UNUSABLE
            + " "
            + where
            + " cannot be opened: it does not let in the role tracery: correct the role, its password"
            + " (--store-password-file) or pg_hba.conf"
            + " (FATAL: password authentication failed for user \"tracery\")",
        e.reason() + " " + e.getMessage());
  }

  @Test
  void no_password_and_no_such_role() {
    StoreException none = refused(Settings.of(server.url(SharedPostgres.DATABASE), ""));
    assertEquals(Reason.UNUSABLE, none.reason(), none::getMessage);
    assertTrue(
        String.valueOf(none.getMessage()).contains("does not let in the role tracery"),
        none::getMessage);

    String url = server.url(SharedPostgres.DATABASE).replace("tracery@", "nobody@");
    StoreException e = refused(Settings.of(url, "x"));
    assertTrue(
        String.valueOf(e.getMessage()).contains("does not let in the role nobody"), e::getMessage);
  }

  @Test
  void no_such_database() {
    StoreException e = refused(Settings.of(server.url("nowhere"), TestPostgres.PASSWORD));

    assertEquals(
        "database nowhere on 127.0.0.1:%d cannot be opened: there is no such database: create it, or correct the URL (FATAL: database \"nowhere\" does not exist)"
            .formatted(server.port()),
        e.getMessage());
  }

  @Test
  void nobody_listens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = socket.getLocalPort();
    }

    StoreException e = refused(Settings.of("postgres://a@127.0.0.1:" + port + "/b", ""));

    assertEquals(Reason.UNAVAILABLE, e.reason());
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith(
                "database b on 127.0.0.1:%d cannot be opened: it cannot be reached: start it, or correct its URL"
                    .formatted(port)),
        e::getMessage);
  }

  @Test
  void a_server_that_is_too_old() {
    DatabaseUrl url = DatabaseUrl.parse("postgres://h/d");

    StoreException e =
        assertThrows(
            StoreException.class, () -> Migrator.checkVersion(url, 130_022, "13.22 (Debian)"));

    assertEquals(
        "database d on h:5432 is of PostgreSQL 13.22 (Debian), which is too old: update it to 14 or later",
        e.getMessage());
    Migrator.checkVersion(url, 140_000, "14.0");
  }

  @Test
  void a_database_that_is_read_only() {
    sql("CREATE ROLE only_reads LOGIN PASSWORD '" + TestPostgres.PASSWORD + "'");
    sql("ALTER ROLE only_reads SET default_transaction_read_only = on");

    StoreException e =
        refused(
            Settings.of(
                server.url(SharedPostgres.DATABASE).replace("tracery@", "only_reads@"),
                TestPostgres.PASSWORD));

    assertEquals(
        where + " is read-only: set default_transaction_read_only to off, or name another",
        e.getMessage());
  }

  @Test
  void a_role_that_may_not_make_tables_or_use_them() {
    sql("CREATE ROLE stranger LOGIN PASSWORD '" + TestPostgres.PASSWORD + "'");
    sql("GRANT USAGE ON SCHEMA " + schema + " TO stranger");
    Settings stranger =
        Settings.of(
            server.url(SharedPostgres.DATABASE).replace("tracery@", "stranger@")
                + "?currentSchema="
                + schema,
            TestPostgres.PASSWORD);

    StoreException empty = refused(stranger);
    assertEquals(
        where
            + " cannot be opened: the role stranger lacks a right: make it the owner of the database and"
            + " of what is in it (ERROR: permission denied for schema "
            + schema
            + ")",
        empty.getMessage());

    open().close();
    sql("GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO stranger");
    assertEquals(
        where
            + " does not give stranger the right to INSERT the table log: make it the owner of the"
            + " tables, or GRANT it",
        refused(stranger).getMessage());
  }

  @Test
  void tables_of_another_application() {
    sql("CREATE TABLE %s.log (line text)".formatted(schema));
    List<String> before = tables();

    StoreException e = refused();

    assertEquals(
        where
            + " is used by another application, whose tables in the schema "
            + schema
            + " are left as they are (log): name an empty database",
        e.getMessage());
    assertEquals(before, tables());
  }

  @Test
  void a_schema_row_of_another_application() {
    open().close();
    sql("UPDATE %s.tracery_schema SET application = 'shop'".formatted(schema));

    assertEquals(
        where
            + " is used by another application, shop, and was left as it is: name an empty database",
        refused().getMessage());
  }

  @Test
  void tables_of_a_newer_program() {
    open().close();
    sql("UPDATE %s.tracery_schema SET version = 99".formatted(schema));

    assertEquals(
        where
            + " was made by a newer registry (tables of version 99, this one knows 1): update this program",
        refused().getMessage());
  }

  @Test
  void a_migration_that_was_half_run() {
    open().close();
    sql("ALTER TABLE %s.log DROP COLUMN append_id".formatted(schema));
    sql("ALTER TABLE %s.blob ADD COLUMN more text".formatted(schema));
    List<String> before = tables();

    StoreException e = refused();

    assertEquals(
        where
            + " says that its tables are of version 1, but they are not (missing: log.append_id uuid; more:"
            + " blob.more text), as after a migration that somebody ran by hand and did not finish:"
            + " restore it from a backup",
        e.getMessage());
    assertEquals(before, tables());
  }

  @Test
  void a_migration_that_fails_changes_nothing() throws Exception {
    open().close();
    Migration first = Schema.MIGRATIONS.getFirst();
    Migration bad =
        new Migration(
            2,
            List.of("ALTER TABLE log ADD COLUMN more text", "ALTER TABLE nothing ADD a text"),
            first.columns());
    List<String> before = tables();
    try (Connection connection = Monitor.open(SharedPostgres.settings(schema))) {
      Migrator migrator = new Migrator(SharedPostgres.settings(schema).url(), List.of(first, bad));
      assertThrows(java.sql.SQLException.class, () -> migrator.migrate(connection));
    }
    assertEquals(before, tables());
    open().close();
  }

  @Test
  void a_migration_keeps_what_is_there() throws Exception {
    try (Store store = open()) {
      store.append(0, new byte[] {1}, Map.of());
    }
    Migration first = Schema.MIGRATIONS.getFirst();
    List<String> columns = new ArrayList<>(first.columns());
    columns.add("log.more text");
    Migration second =
        new Migration(
            2, List.of("ALTER TABLE log ADD COLUMN more text"), columns.stream().sorted().toList());
    try (Connection connection = Monitor.open(SharedPostgres.settings(schema))) {
      new Migrator(SharedPostgres.settings(schema).url(), List.of(first, second))
          .migrate(connection);
    }

    assertEquals(List.of("2"), sql("SELECT version FROM %s.tracery_schema".formatted(schema)));
    assertEquals(List.of("1|null"), sql("SELECT revision, more FROM %s.log".formatted(schema)));
    assertTrue(String.valueOf(refused().getMessage()).contains("by a newer registry"));
  }

  @Test
  void many_servers_that_start_at_once_make_the_tables_once() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, e) -> {
                synchronized (failures) {
                  failures.add(e);
                }
              })
              .start(() -> open().close()));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(List.of(), failures);
  }

  @Test
  void a_table_that_goes_away_while_it_is_used() {
    try (Store store = open()) {
      sql("DROP TABLE %s.blob".formatted(schema));

      StoreException e =
          assertThrows(StoreException.class, () -> store.blob(Sha256.of(new byte[0])));

      assertEquals(Reason.UNUSABLE, e.reason());
      assertTrue(
          String.valueOf(e.getMessage())
              .startsWith(
                  where
                      + " cannot be read: its tables are not those of a registry: restore it from a backup"),
          e::getMessage);
    }
  }

  @Test
  void a_commit_that_was_taken_out_of_the_middle() {
    try (Store store = open()) {
      for (int i = 0; i < 3; i++) {
        store.append(i, new byte[] {1}, Map.of());
      }
      sql("DELETE FROM %s.log WHERE revision = 2".formatted(schema));

      StoreException e = assertThrows(StoreException.class, () -> store.read(0, 10));

      assertEquals(
          "CORRUPT "
              + where
              + " is damaged: revision 2 is missing: restore it from a backup or from an export",
          e.reason() + " " + e.getMessage());
    }
  }

  @Test
  void a_time_that_was_changed_is_damage() {
    try (Store store = open()) {
      store.append(0, new byte[] {1}, Map.of());
      sql("UPDATE %s.log SET time_millis = time_millis + 1".formatted(schema));

      assertEquals(
          Reason.CORRUPT, assertThrows(StoreException.class, () -> store.read(0, 1)).reason());
    }
  }

  private Store open() {
    return new PostgresStore(SharedPostgres.settings(schema), () -> {});
  }

  private StoreException refused() {
    return refused(SharedPostgres.settings(schema));
  }

  private static StoreException refused(Settings settings) {
    return assertThrows(StoreException.class, () -> new PostgresStore(settings, () -> {}).close());
  }

  private List<String> tables() {
    return sql(
        """
        SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = '%s' ORDER BY 1, 2
        """
            .formatted(schema));
  }

  private List<String> sql(String statement) {
    return server.sql(SharedPostgres.DATABASE, statement);
  }
}
