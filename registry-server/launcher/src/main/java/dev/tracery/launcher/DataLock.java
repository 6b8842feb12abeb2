package dev.tracery.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The right to serve from a data directory, for this process until it ends. Taken before anything
/// in the directory is touched: the store has a lock of its own, but Felix empties its cache first.
final class DataLock {

  private final FileChannel channel;

  private DataLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Takes the directory.
  ///
  /// @throws LaunchException if another process has it
  static DataLock take(Path data) {
    Path file = data.resolve("serve.lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw LaunchException.failed(
            data
                + " is in use by another registry (process "
                + Files.readString(file).strip()
                + "): stop that one, or choose another directory with --data");
      }
      channel.truncate(0);
      channel.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
      return new DataLock(channel);
    } catch (IOException e) {
      throw LaunchException.failed("cannot lock " + file + " (" + e.getMessage() + ")");
    }
  }

  /// Whether the lock is held still; keeps it reachable.
  boolean isHeld() {
    return channel.isOpen();
  }
}
