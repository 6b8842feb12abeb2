package dev.tracery.store.postgres;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import dev.tracery.store.postgres.Schema.Migration;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Finds out whose a database is, and brings its tables to the version that this program knows.
/// Nothing is changed unless it is ours or empty.
final class Migrator {

  // Why: this one and those before it are not maintained any more, or will not be soon; from 14 on
  // a server says by itself whether it is a primary, which the driver asks otherwise.
  static final int OLDEST_SERVER = 140_000;

  private final DatabaseUrl url;
  private final List<Migration> migrations;

  Migrator(DatabaseUrl url) {
    this(url, Schema.MIGRATIONS);
  }

  Migrator(DatabaseUrl url, List<Migration> migrations) {
    this.url = url;
    this.migrations = List.copyOf(migrations);
  }

  /// Checks everything, and makes or changes the tables if that is needed. Several servers may do
  /// it at once.
  ///
  /// @param connection in auto-commit mode
  /// @throws StoreException if the database cannot be used; it is then as it was before
  void migrate(Connection connection) throws SQLException {
    checkServer(connection);
    if (version(connection) < migrations.size()) {
      connection.setAutoCommit(false);
      try {
        text(connection, "SELECT pg_advisory_xact_lock(hashtext('tracery migration'))");
        // Why again: another server may have done it while this one waited.
        List<Migration> missing = migrations.subList(version(connection), migrations.size());
        for (Migration migration : missing) {
          run(connection, migration);
        }
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
    check(connection);
  }

  /// Checks that the database is one that was migrated to the version that this program knows.
  void check(Connection connection) throws SQLException {
    checkServer(connection);
    int version = version(connection);
    if (version != migrations.size()) {
      throw PostgresFailure.unusable(
          url,
          "has tables of version %d instead of %d: restart this server"
              .formatted(version, migrations.size()));
    }
    checkRights(connection);
  }

  /// @throws StoreException if a server of this version is too old
  static void checkVersion(DatabaseUrl url, int number, String name) {
    if (number < OLDEST_SERVER) {
      throw PostgresFailure.unusable(
          url,
          "is of PostgreSQL %s, which is too old: update it to %d or later"
              .formatted(name, OLDEST_SERVER / 10_000));
    }
  }

  private void checkServer(Connection connection) throws SQLException {
    checkVersion(
        url,
        Integer.parseInt(text(connection, "SHOW server_version_num")),
        text(connection, "SHOW server_version"));
    if (text(connection, "SELECT pg_is_in_recovery()").equals("t")) {
      throw PostgresFailure.unusable(
          url, "is a replica, which cannot be written: name the primary in the URL");
    }
    if (text(connection, "SHOW transaction_read_only").equals("on")) {
      throw PostgresFailure.unusable(
          url, "is read-only: set default_transaction_read_only to off, or name another");
    }
    if (text(connection, "SELECT coalesce(current_schema(), '')").isEmpty()) {
      throw PostgresFailure.unusable(
          url, "has no schema that its search_path names: create it, or correct the search_path");
    }
  }

  /// The version of the tables, 0 if there are none.
  private int version(Connection connection) throws SQLException {
    List<String> columns = columns(connection);
    if (columns.isEmpty()) {
      return 0;
    }
    String schema = text(connection, "SELECT current_schema()");
    if (!columns.contains("tracery_schema.application text")
        || !columns.contains("tracery_schema.version integer")) {
      throw PostgresFailure.unusable(
          url,
          "is used by another application, whose tables in the schema %s are left as they are (%s):"
                  .formatted(schema, String.join(", ", tables(columns)))
              + " name an empty database");
    }
    String application =
        text(connection, "SELECT coalesce(max(application), '') FROM tracery_schema");
    if (!application.equals(Schema.APPLICATION)) {
      throw PostgresFailure.unusable(
          url,
          "is used by another application, %s, and was left as it is: name an empty database"
              .formatted(application.isEmpty() ? "which does not say its name" : application));
    }
    int version = Integer.parseInt(text(connection, "SELECT version FROM tracery_schema"));
    if (version > migrations.size()) {
      throw PostgresFailure.unusable(
          url,
          "was made by a newer registry (tables of version %d, this one knows %d): update this program"
              .formatted(version, migrations.size()));
    }
    checkColumns(version, columns);
    return version;
  }

  private void checkColumns(int version, List<String> found) {
    List<String> expected = version < 1 ? List.of() : migrations.get(version - 1).columns();
    List<String> missing = new ArrayList<>(expected);
    missing.removeAll(found);
    List<String> more = new ArrayList<>(found);
    more.removeAll(expected);
    if (missing.isEmpty() && more.isEmpty()) {
      return;
    }
    throw new StoreException(
        Reason.UNUSABLE,
        "%s says that its tables are of version %d, but they are not (missing: %s; more: %s), as after a"
                .formatted(url, version, list(missing), list(more))
            + " migration that somebody ran by hand and did not finish: restore it from a backup");
  }

  private static String list(List<String> columns) {
    return columns.isEmpty() ? "nothing" : String.join(", ", columns);
  }

  private void run(Connection connection, Migration migration) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : migration.statements()) {
        statement.execute(sql);
      }
      statement.execute(
          """
          INSERT INTO tracery_schema (application, version) VALUES ('%s', %d)
          ON CONFLICT (one) DO UPDATE SET version = excluded.version
          """
              .formatted(Schema.APPLICATION, migration.version()));
    }
    checkColumns(migration.version(), columns(connection));
  }

  private void checkRights(Connection connection) throws SQLException {
    for (String right : Schema.RIGHTS) {
      String[] parts = right.split(" ");
      if (!text(connection, "SELECT has_table_privilege('%s', '%s')".formatted(parts[0], parts[1]))
          .equals("t")) {
        throw PostgresFailure.unusable(
            url,
            "does not give %s the right to %s the table %s: make it the owner of the tables, or GRANT it"
                .formatted(text(connection, "SELECT current_user"), parts[1], parts[0]));
      }
    }
  }

  /// The columns of our tables and of those that have their names, in the schema that new tables
  /// would be made in.
  private List<String> columns(Connection connection) throws SQLException {
    TreeSet<String> names = new TreeSet<>();
    migrations.forEach(migration -> names.addAll(tables(migration.columns())));
    List<String> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                  AND c.relname IN ('%s')
                """
                    .formatted(String.join("', '", names)))) {
      while (row.next()) {
        columns.add(row.getString(1));
      }
    }
    return columns.stream().sorted().toList();
  }

  private static TreeSet<String> tables(List<String> columns) {
    TreeSet<String> tables = new TreeSet<>();
    columns.forEach(column -> tables.add(column.substring(0, column.indexOf('.'))));
    return tables;
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      if (!row.next()) {
        return "";
      }
      String text = row.getString(1);
      return text == null ? "" : text;
    }
  }
}
