package dev.tracery.store.postgres;

import dev.tracery.store.Store.AppendResult;
import dev.tracery.store.Store.AppendResult.Appended;
import dev.tracery.store.Store.AppendResult.HeadMoved;
import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import dev.tracery.store.packing.Packing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Types;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Appends one commit with one statement, and finds out what became of it when the connection was
/// lost meanwhile.
///
/// That is sound because a revision can be had once: the statement takes it or does nothing, so it
/// can be sent again; and whose it is, the append's random id says.
final class Appender {

  private static final String WHAT = "cannot be written";

  // Why: longer than a restart of the database takes, shorter than callers wait.
  private static final long FIND_OUT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long FIND_OUT_PAUSE_MILLIS = 50;

  private static final int ATTEMPTS = 5;

  // Why: the server was told to stop waiting for its replicas, but the commit is done.
  private static final Set<String> NOT_REPLICATED = Set.of("57014", "57P01");

  // Why: the transaction was undone because of another one, and may be done again.
  private static final Set<String> UNDONE = Set.of("40001", "40P01");

  private final Settings settings;
  private final Database database;
  private final Reachability reachability;
  private final LastKnown lastKnown;
  private final Monitor monitor;

  Appender(
      Settings settings,
      Database database,
      Reachability reachability,
      LastKnown lastKnown,
      Monitor monitor) {
    this.settings = settings;
    this.database = database;
    this.reachability = reachability;
    this.lastKnown = lastKnown;
    this.monitor = monitor;
  }

  /// One commit on its way.
  ///
  /// @param known the append that made the expected head, null if it was never read here
  private record Pending(
      long expectedHead,
      @Nullable UUID known,
      UUID append,
      long checksum,
      Packing.Packed entries,
      PackedBlobs blobs) {

    long revision() {
      return expectedHead + 1;
    }
  }

  /// What the statement answered.
  ///
  /// @param time of the commit, if it was appended
  /// @param head before it, 0 for an empty log …
  /// @param headAppend … and by which append that was made
  private record Outcome(OptionalLong time, long head, @Nullable UUID headAppend) {

    Outcome at(OptionalLong found) {
      return new Outcome(found, head, headAppend);
    }
  }

  /// The statement was sent, or a part of it.
  private static final class Sent extends Exception {
    private static final long serialVersionUID = 1;

    private Sent(SQLException cause) {
      super(cause);
    }
  }

  AppendResult append(long expectedHead, byte[] entries, PackedBlobs blobs) {
    LastKnown.Position known = lastKnown.get();
    Packing.Packed packed;
    try (Packing.Packer packer = new Packing.Packer()) {
      packed = packer.pack(entries);
    }
    Pending pending =
        new Pending(
            expectedHead,
            known.revision() == expectedHead ? known.append() : null,
            UUID.randomUUID(),
            Schema.checksum(expectedHead + 1, entries),
            packed,
            blobs);
    Outcome outcome = send(pending);
    return outcome.time().isPresent()
        ? appended(pending, outcome.time().getAsLong())
        : headMoved(pending, outcome);
  }

  private Outcome send(Pending pending) {
    for (int attempt = 1; ; attempt++) {
      reachability.check();
      try {
        return sendOnce(pending);
      } catch (SQLException e) {
        boolean again =
            PostgresFailure.isLost(e) || UNDONE.contains(String.valueOf(e.getSQLState()));
        if (!again || attempt == ATTEMPTS) {
          throw PostgresFailure.of(settings.url(), WHAT, e);
        }
      } catch (Sent e) {
        return findOut(pending, e);
      }
    }
  }

  /// @throws SQLException nothing was written
  /// @throws Sent it may have been
  private Outcome sendOnce(Pending pending) throws SQLException, Sent {
    try (Connection connection = database.connection()) {
      try {
        return database.onceWith(connection, c -> execute(c, pending));
      } catch (SQLException e) {
        if (PostgresFailure.isLost(e)) {
          throw new Sent(e);
        }
        throw e;
      }
    }
  }

  private Outcome execute(Connection connection, Pending pending) throws SQLException {
    String sql = settings.notifications() ? Schema.APPEND_AND_NOTIFY : Schema.APPEND_QUIETLY;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int i = 1;
      statement.setLong(i++, pending.revision());
      statement.setLong(i++, pending.checksum());
      statement.setInt(i++, pending.entries().packing().number());
      statement.setInt(i++, pending.entries().size());
      statement.setBytes(i++, pending.entries().bytes());
      statement.setObject(i++, pending.append());
      statement.setLong(i++, pending.expectedHead());
      if (pending.known() == null) {
        statement.setNull(i++, Types.OTHER, "uuid");
      } else {
        statement.setObject(i++, pending.known());
      }
      pending.blobs().set(connection, statement, i);
      i += 4;
      if (settings.notifications()) {
        statement.setString(i, Long.toString(pending.revision()));
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long time = row.getLong(1);
        OptionalLong appended = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(time);
        Outcome outcome = new Outcome(appended, row.getLong(2), row.getObject(3, UUID.class));
        checkReplicated(statement.getWarnings());
        return outcome;
      }
    }
  }

  private static void checkReplicated(@Nullable SQLWarning first) throws SQLException {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      if (NOT_REPLICATED.contains(String.valueOf(warning.getSQLState()))) {
        throw new SQLException(warning.getMessage(), "08007", warning);
      }
    }
  }

  /// Sends it again until it is known what became of it.
  private Outcome findOut(Pending pending, Sent cause) {
    long end = System.nanoTime() + FIND_OUT_NANOS;
    Throwable last = cause;
    do {
      try {
        return database.once(connection -> {
          Outcome outcome = execute(connection, pending);
          return outcome.time().isPresent()
              ? outcome
              : outcome.at(find(connection, pending.revision(), pending.append()));
        });
      } catch (SQLException e) {
        last = e;
        if (!PostgresFailure.isLost(e)) {
          break;
        }
      }
    } while (System.nanoTime() < end && pause());
    throw uncertain(last);
  }

  /// The time of the commit with this revision if this append made it.
  static OptionalLong find(Connection connection, long revision, UUID append) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Schema.FIND_APPENDED)) {
      statement.setLong(1, revision);
      try (ResultSet row = statement.executeQuery()) {
        OptionalLong time =
            row.next() && append.equals(row.getObject(1, UUID.class))
                ? OptionalLong.of(row.getLong(2))
                : OptionalLong.empty();
        checkReplicated(statement.getWarnings());
        return time;
      }
    }
  }

  StoreException uncertain(Throwable cause) {
    return new StoreException(
        Reason.UNCERTAIN,
        "the connection to %s was lost while it was written, and whether it was could not be found out: read to know (%s)"
            .formatted(settings.url(), cause.getMessage()),
        cause);
  }

  private Appended appended(Pending pending, long time) {
    lastKnown.remember(pending.revision(), pending.append());
    return new Appended(pending.revision(), time);
  }

  /// Why not always a question: whoever was too late reads next, and the read finds out whether the
  /// log is still the one that was read before.
  private HeadMoved headMoved(Pending pending, Outcome outcome) {
    if (outcome.head() > pending.expectedHead()) {
      return new HeadMoved(outcome.head());
    }
    if (outcome.head() == pending.expectedHead()
        && (pending.known() == null || pending.known().equals(outcome.headAppend()))) {
      // Why: the head was the expected one, so another append had this revision first.
      return new HeadMoved(pending.revision());
    }
    return new HeadMoved(
        database.read(WHAT, connection -> head(connection, lastKnown.get(), monitor)));
  }

  /// The head of the log.
  ///
  /// @throws StoreException REWOUND if the log does not have what is known of it
  static long head(Connection connection, LastKnown.Position known, Monitor monitor)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Schema.SELECT_HEAD)) {
      statement.setLong(1, known.revision());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long head = row.getLong(1);
        Optional<UUID> found = Optional.ofNullable(row.getObject(2, UUID.class));
        if (known.append() != null && !found.equals(Optional.of(known.append()))) {
          throw monitor.rewound(known.revision());
        }
        return head;
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(FIND_OUT_PAUSE_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
