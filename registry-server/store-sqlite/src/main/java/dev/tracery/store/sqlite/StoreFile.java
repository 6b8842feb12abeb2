package dev.tracery.store.sqlite;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// A store's file, held against other stores until it is closed. SQLite sees it only after it was
/// found to be ours: opening somebody else's file would be the first step to changing it.
final class StoreFile implements AutoCloseable {

  private final Path path;
  private final ProcessLock lock;

  private StoreFile(Path path, ProcessLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /// Finds or makes the file.
  static StoreFile open(Path given) {
    try {
      Path path = resolve(given);
      ProcessLock lock = ProcessLock.claim(path);
      try {
        checkUsable(path);
        lock.acquire();
        // Why again: another process may have made the file meanwhile.
        checkUsable(path);
        if (isMissingOrEmpty(path)) {
          create(path);
        }
        return new StoreFile(path, lock);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw SqliteFailure.of(given, "cannot be opened", e);
    }
  }

  /// The file, without symbolic links.
  Path path() {
    return path;
  }

  @Override
  public void close() {
    lock.close();
  }

  private static Path resolve(Path given) throws IOException {
    Path absolute = given.toAbsolutePath();
    Path directory = absolute.getParent();
    if (directory == null || Files.isDirectory(absolute)) {
      throw unusable("%s is a directory: name a file in it".formatted(given));
    }
    try {
      Path path = directory.toRealPath().resolve(absolute.getFileName());
      return Files.exists(path) ? path.toRealPath() : path;
    } catch (NoSuchFileException e) {
      throw unusable(
          "%s cannot be made: the directory %s is not there: create it, or name another"
              .formatted(given, directory));
    }
  }

  private static boolean isMissingOrEmpty(Path path) throws IOException {
    if (!Files.exists(path)) {
      return true;
    }
    if (!Files.isRegularFile(path)) {
      throw unusable("%s is not a regular file: name another".formatted(path));
    }
    return Files.size(path) == 0;
  }

  private static void checkUsable(Path path) throws IOException {
    if (!isMissingOrEmpty(path)) {
      FileHeader.check(path);
    }
    if (Files.exists(path) && !Files.isWritable(path)) {
      throw unusable("%s is read-only: allow this user to write it".formatted(path));
    }
    Path directory = path.getParent();
    if (directory != null && !Files.isWritable(directory)) {
      throw unusable(
          "%s cannot be used: its directory is read-only: allow this user to write it"
              .formatted(path));
    }
  }

  // Why under another name first: the file appears whole, or not at all.
  private static void create(Path path) throws IOException {
    Path log = sibling(path, "-wal");
    if (Files.exists(log) && Files.size(log) > 0) {
      throw unusable(
          "%s is missing but its write-ahead log %s is there: put the file back, or move the log away"
              .formatted(path, log));
    }
    Path unfinished = sibling(path, ".creating");
    delete(unfinished);
    try (Connection connection = Connections.create(unfinished)) {
      Schema.create(connection);
    } catch (SQLException e) {
      delete(unfinished);
      throw SqliteFailure.of(path, "cannot be made", e);
    }
    sync(unfinished);
    Files.move(
        unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(path);
  }

  private static void delete(Path file) throws IOException {
    for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
      Files.deleteIfExists(sibling(file, suffix));
    }
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  // Why: without this a power loss may take the file's name away, and all that is in it.
  private static void syncDirectory(Path file) throws IOException {
    Path directory = file.getParent();
    if (directory == null || System.getProperty("os.name", "").startsWith("Windows")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Path sibling(Path path, String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  private static StoreException unusable(String message) {
    return new StoreException(Reason.UNUSABLE, message);
  }
}
