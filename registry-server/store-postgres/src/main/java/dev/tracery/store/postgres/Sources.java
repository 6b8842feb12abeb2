package dev.tracery.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/// The driver's way to a database, with the times after which it is taken to be silent.
final class Sources {

  /// How long one host may take to accept a connection.
  static final int CONNECT_SECONDS = 2;

  // Why longer: when a server starts, its machine is busy, and there is nothing else to do.
  private static final int FIRST_CONNECT_SECONDS = 10;

  private Sources() {}

  /// @param silentSeconds how long an answer may take to begin
  static PGSimpleDataSource source(Settings settings, int silentSeconds) {
    return source(settings, silentSeconds, CONNECT_SECONDS);
  }

  private static PGSimpleDataSource source(
      Settings settings, int silentSeconds, int connectSeconds) {
    DatabaseUrl url = settings.url();
    List<DatabaseUrl.Host> hosts = url.hosts();
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(hosts.stream().map(DatabaseUrl.Host::name).toArray(String[]::new));
    source.setPortNumbers(hosts.stream().mapToInt(DatabaseUrl.Host::port).toArray());
    source.setDatabaseName(url.database());
    if (!url.user().isEmpty()) {
      source.setUser(url.user());
    }
    if (!settings.password().isEmpty()) {
      source.setPassword(settings.password());
    }
    set(source, PGProperty.APPLICATION_NAME, "tracery");
    set(source, PGProperty.CONNECT_TIMEOUT, connectSeconds + "");
    set(source, PGProperty.LOGIN_TIMEOUT, loginSeconds(url, connectSeconds) + "");
    set(source, PGProperty.SOCKET_TIMEOUT, silentSeconds + "");
    set(source, PGProperty.CANCEL_SIGNAL_TIMEOUT, CONNECT_SECONDS + "");
    set(source, PGProperty.TCP_KEEP_ALIVE, "true");
    if (hosts.size() > 1) {
      // Why not with one host: the check afterwards says better what is wrong with it.
      set(source, PGProperty.TARGET_SERVER_TYPE, "primary");
    }
    url.parameters().forEach((name, value) -> set(source, name, value));
    return source;
  }

  /// A connection that somebody must close.
  static Connection open(Settings settings, int silentSeconds) throws SQLException {
    return source(settings, silentSeconds).getConnection();
  }

  /// The same, the first of a server that starts.
  static Connection openFirst(Settings settings, int silentSeconds) throws SQLException {
    return source(settings, silentSeconds, FIRST_CONNECT_SECONDS).getConnection();
  }

  /// How long all hosts together may take.
  static int loginSeconds(DatabaseUrl url) {
    return loginSeconds(url, CONNECT_SECONDS);
  }

  private static int loginSeconds(DatabaseUrl url, int connectSeconds) {
    return (connectSeconds + 1) * url.hosts().size();
  }

  private static void set(PGSimpleDataSource source, PGProperty property, String value) {
    set(source, property.getName(), value);
  }

  private static void set(PGSimpleDataSource source, String name, String value) {
    try {
      source.setProperty(name, value);
    } catch (SQLException e) {
      throw new IllegalArgumentException("the driver refuses " + name, e);
    }
  }
}
