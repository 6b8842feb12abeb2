package dev.tracery.store.postgres;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Says in the store's words what PostgreSQL said in its own. The codes are of its appendix A
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
final class PostgresFailure {

  // Why: shutdown by the administrator, crash, "is starting up".
  private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "57P05");

  private PostgresFailure() {}

  /// @param what what did not work, after the database's name: "cannot be read"
  static StoreException of(DatabaseUrl url, String what, SQLException given) {
    SQLException e = cause(given);
    Reason reason = isTls(e) ? Reason.UNUSABLE : reason(e);
    String message =
        switch (reason) {
          case FULL -> "there is no space left on its server: make room, nothing was lost";
          case CORRUPT -> "it is damaged: restore it from a backup or from an export";
          case UNUSABLE ->
              isTls(e)
                  ? "TLS failed: compare sslmode and sslrootcert in its URL with its certificate"
                  : advice(url, state(e));
          case UNAVAILABLE -> laterAdvice(e);
          case UNCERTAIN, REWOUND -> throw new IllegalArgumentException(reason.name(), e);
        };
    return new StoreException(
        reason, "%s %s: %s (%s)".formatted(url, what, message, detail(e)), given);
  }

  /// Whether the connection failed, so that what was asked may have been done or not.
  static boolean isLost(SQLException given) {
    SQLException e = cause(given);
    return state(e).startsWith("08")
        || ENDED.contains(state(e))
        || given instanceof SQLTransientConnectionException;
  }

  static StoreException corrupt(DatabaseUrl url, String what) {
    return new StoreException(
        Reason.CORRUPT,
        "%s is damaged: %s: restore it from a backup or from an export".formatted(url, what));
  }

  static StoreException unusable(DatabaseUrl url, String what) {
    return new StoreException(Reason.UNUSABLE, url + " " + what);
  }

  static StoreException rewound(DatabaseUrl url, long revision) {
    return new StoreException(
        Reason.REWOUND,
        "%s has another log than before, revision %d is missing or another, as after a backup was restored"
            .formatted(url, revision));
  }

  private static Reason reason(SQLException e) {
    return switch (state(e)) {
      case "53100" -> Reason.FULL;
      case "XX001", "XX002", "58P01" -> Reason.CORRUPT;
      case "08004",
          "28P01",
          "28000",
          "3D000",
          "42501",
          "42P01",
          "42703",
          "42883",
          "3F000",
          "42704" ->
          Reason.UNUSABLE;
      default -> Reason.UNAVAILABLE;
    };
  }

  private static String advice(DatabaseUrl url, String state) {
    String role = url.user().isEmpty() ? "this user" : "the role " + url.user();
    return switch (state) {
      case "08004", "28P01", "28000" ->
          "it does not let in %s: correct the role, its password (--store-password-file) or pg_hba.conf"
              .formatted(role);
      case "3D000" -> "there is no such database: create it, or correct the URL";
      case "42501", "3F000" ->
          "%s lacks a right: make it the owner of the database and of what is in it"
              .formatted(role);
      default -> "its tables are not those of a registry: restore it from a backup";
    };
  }

  private static String laterAdvice(SQLException e) {
    if (isLost(e)) {
      return "it cannot be reached: start it, or correct its URL";
    }
    return state(e).equals("25006")
        ? "it is read-only: name the primary in its URL, or allow writing"
        : "it is busy or cannot do it now: try again";
  }

  /// Whether the two sides do not agree on TLS, or do not trust each other. The driver says some of
  /// it in words only.
  private static boolean isTls(SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLHandshakeException) {
        return true;
      }
    }
    String message = String.valueOf(e.getMessage());
    return state(e).startsWith("08")
        && (message.contains("does not support SSL") || message.contains("hostnameverifier"));
  }

  /// The driver's failure inside the pool's.
  private static SQLException cause(SQLException e) {
    return e instanceof SQLTransientConnectionException
            && e.getCause() instanceof SQLException inner
        ? inner
        : e;
  }

  private static String state(SQLException e) {
    String state = e.getSQLState();
    return state == null ? "" : state;
  }

  private static String detail(SQLException e) {
    @Nullable String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }
}
