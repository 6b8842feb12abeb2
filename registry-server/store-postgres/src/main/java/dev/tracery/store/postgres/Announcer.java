package dev.tracery.store.postgres;

import dev.tracery.store.Store.Server;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells the other servers of this one, again and again, and knows those that did so lately.
final class Announcer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Announcer.class.getName());
  private static final long PERIOD_SECONDS = 2;

  private final Database database;
  private final Reachability reachability;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("tracery-announce").daemon().factory());
  private volatile @Nullable Server server;
  // Why: only the executor's thread looks at it.
  private @Nullable String told;

  Announcer(Database database, Reachability reachability) {
    this.database = database;
    this.reachability = reachability;
  }

  void announce(Server given) {
    boolean first = server == null;
    server = given;
    if (first) {
      executor.scheduleWithFixedDelay(this::tell, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
    } else {
      executor.execute(this::tell);
    }
  }

  List<Server> servers() {
    return database.read(
        "cannot be read",
        connection -> {
          List<Server> servers = new ArrayList<>();
          try (PreparedStatement statement = connection.prepareStatement(Schema.SELECT_SERVERS);
              ResultSet row = statement.executeQuery()) {
            while (row.next()) {
              servers.add(
                  new Server(
                      row.getString(1),
                      row.getString(2),
                      row.getString(3),
                      row.getLong(4),
                      Instant.ofEpochMilli(row.getLong(5)),
                      Instant.ofEpochMilli(row.getLong(6))));
            }
          }
          return servers;
        });
  }

  /// Takes this server off the list, if the database is there.
  @Override
  public void close() {
    executor.execute(() -> {
      server = null;
      tell();
    });
    executor.shutdown();
    try {
      if (!executor.awaitTermination(PERIOD_SECONDS, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell() {
    if (!reachability.isReachable()) {
      return;
    }
    Server now = server;
    try {
      String before = told;
      if (before != null && (now == null || !before.equals(now.id()))) {
        database.once(connection -> delete(connection, before));
        told = null;
      }
      if (now != null) {
        told = now.id();
        database.once(connection -> put(connection, now));
      }
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "could not tell of this server: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "could not tell of this server", e);
    }
  }

  private static boolean put(Connection connection, Server server) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Schema.PUT_SERVER)) {
      statement.setString(1, server.id());
      statement.setString(2, server.id());
      statement.setString(3, server.address());
      statement.setString(4, server.version());
      statement.setLong(5, server.revision());
      statement.setLong(6, server.started().toEpochMilli());
      return statement.executeUpdate() == 1;
    }
  }

  private static boolean delete(Connection connection, String id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Schema.DELETE_SERVER)) {
      statement.setString(1, id);
      return statement.executeUpdate() == 1;
    }
  }
}
