package dev.tracery.store.sqlite;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/// Says in the store's words what SQLite said in its own. The numbers are SQLite's primary result
/// codes (<https://sqlite.org/rescode.html>).
final class SqliteFailure {

  // Why: a file system with less than this left cannot give SQLite's shared memory its 32 KiB,
  // which
  // SQLite reports as an I/O error.
  private static final long HARDLY_ANY_SPACE = 64 << 10;

  private SqliteFailure() {}

  /// @param what what did not work, after the file's name: "cannot be read"
  static StoreException of(Path file, String what, SQLException e) {
    Reason reason = reason(file, e.getErrorCode() & 0xff);
    String message =
        switch (reason) {
          case FULL ->
              "%s %s: there is no space left on its file system: make room, nothing was lost";
          case CORRUPT -> "%s %s because it is damaged: restore it from a backup or from an export";
          case UNUSABLE -> "%s %s: this process may not write it or its directory";
          case UNAVAILABLE -> "%s %s: look for a failing disk or another program that holds it";
        };
    return new StoreException(
        reason, message.formatted(file, what) + " (" + e.getMessage() + ")", e);
  }

  static StoreException corrupt(Path file, String what) {
    return new StoreException(
        Reason.CORRUPT,
        "%s is damaged: %s: restore it from a backup or from an export".formatted(file, what));
  }

  private static Reason reason(Path file, int code) {
    return switch (code) {
      case 13 -> Reason.FULL;
      case 11, 26 -> Reason.CORRUPT;
      case 3, 8, 14, 23 -> Reason.UNUSABLE;
      case 10 -> hasSpace(file) ? Reason.UNAVAILABLE : Reason.FULL;
      default -> Reason.UNAVAILABLE;
    };
  }

  private static boolean hasSpace(Path file) {
    try {
      return Files.getFileStore(file).getUsableSpace() >= HARDLY_ANY_SPACE;
    } catch (IOException e) {
      return true;
    }
  }
}
