package dev.tracery.store.sqlite;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Says in the store's words what SQLite said in its own. The numbers are SQLite's primary result
/// codes (<https://sqlite.org/rescode.html>).
final class SqliteFailure {

  // Why: a file system with less than this left cannot give SQLite's shared memory its 32 KiB,
  // which SQLite reports as an I/O error.
  private static final long HARDLY_ANY_SPACE = 64 << 10;

  private SqliteFailure() {}

  /// @param what what did not work, after the file's name: "cannot be read"
  static StoreException of(Path file, String what, SQLException e) {
    return of(file, what, reason(file, e.getErrorCode() & 0xff), e, e.getMessage());
  }

  static StoreException of(Path file, String what, IOException e) {
    if (e instanceof AccessDeniedException) {
      return of(file, what, Reason.UNUSABLE, e, e.toString());
    }
    return of(file, what, hasSpace(file) ? Reason.UNAVAILABLE : Reason.FULL, e, e.toString());
  }

  private static StoreException of(
      Path file, String what, Reason reason, Exception e, @Nullable String detail) {
    String message =
        switch (reason) {
          case FULL ->
              "%s %s: there is no space left on its file system: make room, nothing was lost";
          case CORRUPT -> "%s %s because it is damaged: restore it from a backup or from an export";
          case UNUSABLE -> "%s %s: this process may not write it or its directory";
          case UNAVAILABLE -> "%s %s: look for a failing disk or another program that holds it";
          // Why: there is no connection that could be lost, and the file is held against others.
          case UNCERTAIN, REWOUND -> throw new IllegalArgumentException(reason.name(), e);
        };
    return new StoreException(reason, message.formatted(file, what) + " (" + detail + ")", e);
  }

  static StoreException corrupt(Path file, String what) {
    return new StoreException(
        Reason.CORRUPT,
        "%s is damaged: %s: restore it from a backup or from an export".formatted(file, what));
  }

  static StoreException corruptSnapshot(Path file, String what) {
    return new StoreException(
        Reason.CORRUPT,
        "%s has a damaged snapshot: %s; the log itself may be whole".formatted(file, what));
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
    Path directory = file.toAbsolutePath().getParent();
    try {
      return Files.getFileStore(directory == null ? file : directory).getUsableSpace()
          >= HARDLY_ANY_SPACE;
    } catch (IOException e) {
      return true;
    }
  }
}
