package dev.tracery.store.postgres;

import dev.tracery.store.HeadListeners;
import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import dev.tracery.store.postgres.LastKnown.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Follows the log's head on a connection of its own, told by the database and by asking it, and
/// with that knows whether the database is there. What it finds is in [Reachability] and told to
/// the [HeadListeners]. One thread, from [#start] to [#close].
final class Monitor implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Monitor.class.getName());

  // Why: with a second between two questions a silent database is noticed within three.
  private static final int SILENT_SECONDS = 2;

  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final Settings settings;
  private final Database database;
  private final Reachability reachability;
  private final LastKnown lastKnown;
  private final HeadListeners listeners;
  private final Runnable whenRewound;
  private final Migrator migrator;
  private final Thread thread =
      Thread.ofPlatform().name("tracery-postgres").daemon().unstarted(this::run);
  private volatile boolean closed;
  private volatile boolean rewound;
  private volatile @Nullable Connection connection;
  private long timeline;

  /// @param whenRewound called once, in the monitor's thread or a reader's
  Monitor(
      Settings settings,
      Database database,
      Reachability reachability,
      LastKnown lastKnown,
      HeadListeners listeners,
      Runnable whenRewound) {
    this.settings = settings;
    this.database = database;
    this.reachability = reachability;
    this.lastKnown = lastKnown;
    this.listeners = listeners;
    this.whenRewound = whenRewound;
    this.migrator = new Migrator(settings.url());
  }

  /// A connection that notices silence.
  static Connection open(Settings settings) throws SQLException {
    return Sources.open(settings, SILENT_SECONDS);
  }

  /// The same, patient while a server starts.
  static Connection openFirst(Settings settings) throws SQLException {
    return Sources.openFirst(settings, SILENT_SECONDS);
  }

  /// Begins with a connection whose database was checked.
  void start(Connection first) throws SQLException {
    connection = first;
    begin(first);
    ask(first);
    thread.start();
  }

  /// What follows when the log is found to be another one: everything that is read or appended
  /// fails from now on.
  StoreException rewound(long revision) {
    StoreException e = PostgresFailure.rewound(settings.url(), revision);
    synchronized (this) {
      if (rewound) {
        return e;
      }
      rewound = true;
    }
    reachability.lost(Reason.REWOUND, e.getMessage());
    LOG.log(System.Logger.Level.WARNING, e.getMessage());
    whenRewound.run();
    return e;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    disconnect();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long pause = FIRST_PAUSE_MILLIS;
    while (!closed && !rewound) {
      try {
        Connection now = connection;
        if (now == null) {
          now = open(settings);
          connection = now;
          migrator.check(now);
          begin(now);
          // Why: whoever waits on a connection to the server before would wait for nothing.
          database.breakConnections();
        }
        if (closed) {
          break;
        }
        if (ask(now)) {
          LOG.log(System.Logger.Level.INFO, settings.url() + " is there again");
        }
        pause = FIRST_PAUSE_MILLIS;
        listen(now);
      } catch (SQLException | StoreException e) {
        if (!closed && !rewound) {
          lost(e);
          pause = pause(pause);
        }
      }
    }
    disconnect();
  }

  /// @return whether it was away before
  private boolean ask(Connection now) throws SQLException {
    long asked = System.nanoTime();
    Position known = lastKnown.get();
    try (PreparedStatement statement = now.prepareStatement(Schema.SELECT_HEAD)) {
      statement.setLong(1, known.revision());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long head = row.getLong(1);
        if (known.append() != null && !known.append().equals(row.getObject(2, UUID.class))) {
          throw rewound(known.revision());
        }
        boolean wasAway = !reachability.isReachable();
        reachability.confirm(asked);
        if (head > 0) {
          listeners.headMoved(head);
        }
        return wasAway;
      }
    }
  }

  /// Waits for the time between two questions, and says what it is told meanwhile.
  private void listen(Connection now) throws SQLException {
    long end = System.nanoTime() + settings.pollMillis() * 1_000_000;
    while (!closed && !rewound) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      if (!settings.notifications()) {
        sleep(left);
        continue;
      }
      PGNotification[] told =
          now.unwrap(PGConnection.class).getNotifications(Math.toIntExact(left));
      long head = 0;
      for (PGNotification one : told == null ? new PGNotification[0] : told) {
        head = Math.max(head, Long.parseLong(one.getParameter()));
      }
      if (head > 0) {
        listeners.headMoved(head);
      }
    }
  }

  /// Makes a new connection ready.
  private void begin(Connection now) throws SQLException {
    checkTimeline(now);
    if (settings.notifications()) {
      try (Statement statement = now.createStatement();
          ResultSet row = statement.executeQuery(Schema.SELECT_CHANNEL)) {
        row.next();
        String channel = row.getString(1);
        statement.execute("LISTEN " + channel);
      }
    }
  }

  /// Refuses a primary that another one has taken over from while this server watched.
  private void checkTimeline(Connection now) throws SQLException {
    long found;
    try (Statement statement = now.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint")) {
      row.next();
      found = row.getLong(1);
    } catch (SQLException e) {
      if (PostgresFailure.isLost(e)) {
        throw e;
      }
      // Why: what only speaks PostgreSQL's protocol has no timelines.
      return;
    }
    if (found < timeline) {
      throw new StoreException(
          Reason.UNAVAILABLE,
          "%s is a primary of timeline %d, but another one has taken over on timeline %d: stop the old one"
              .formatted(settings.url(), found, timeline));
    }
    timeline = found;
  }

  private void lost(Exception e) {
    boolean first = reachability.isReachable();
    StoreException why =
        e instanceof SQLException sql
            ? PostgresFailure.of(settings.url(), "does not answer", sql)
            : (StoreException) e;
    reachability.lost(Reason.UNAVAILABLE, why.getMessage());
    disconnect();
    database.breakConnections();
    if (first) {
      LOG.log(System.Logger.Level.WARNING, why.getMessage());
    }
  }

  private long pause(long millis) {
    sleep(millis);
    return Math.min(2 * millis, LONGEST_PAUSE_MILLIS);
  }

  private void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      // Why: only [#close] interrupts, and its flag is looked at next.
    }
  }

  private void disconnect() {
    Connection old = connection;
    connection = null;
    if (old != null) {
      try {
        old.abort(Runnable::run);
      } catch (SQLException e) {
        // Why ignored: then it was broken already.
      }
    }
  }
}
