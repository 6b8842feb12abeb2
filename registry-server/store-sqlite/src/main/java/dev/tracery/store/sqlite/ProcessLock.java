package dev.tracery.store.sqlite;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The right to use a store's file, for one store of one process. The operating system takes it
/// back when the process ends, however it ends.
///
/// It is a lock on `FILE.lock`, which holds the process's id and is never removed: a lock file that
/// goes away can be locked by two.
final class ProcessLock implements AutoCloseable {

  // Why: POSIX locks belong to the process, and closing any descriptor of the file drops them. So a
  // second store in this process must not even open the lock file.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private @Nullable FileChannel channel;

  private ProcessLock(Path file) {
    this.file = file;
  }

  /// Takes `file` for one store of this process, before anybody opens it.
  ///
  /// @throws StoreException if another store of this process has it
  static ProcessLock claim(Path file) {
    if (!HELD_HERE.add(file)) {
      throw inUse(file, ProcessHandle.current().pid() + ", this one");
    }
    return new ProcessLock(file);
  }

  /// Takes it for this process.
  ///
  /// @throws StoreException if another process has it
  void acquire() throws IOException {
    Path path = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel opened =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel = opened;
    if (opened.tryLock() == null) {
      throw inUse(file, holder(path));
    }
    opened.truncate(0);
    opened.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
  }

  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      System.getLogger(ProcessLock.class.getName())
          .log(System.Logger.Level.WARNING, "releasing the lock of " + file + " failed: " + e);
    } finally {
      HELD_HERE.remove(file);
    }
  }

  private static String holder(Path lock) throws IOException {
    String pid = Files.readString(lock, StandardCharsets.US_ASCII).strip();
    return pid.isEmpty() ? "unknown" : pid;
  }

  private static StoreException inUse(Path file, String process) {
    return new StoreException(
        Reason.UNAVAILABLE,
        "%s is in use by another registry (process %s): stop that one, or name another file"
            .formatted(file, process));
  }
}
