package dev.tracery.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes a file whole or not at all: into a file beside it, which takes its name when it is on
/// disk.
final class AtomicFile {

  private AtomicFile() {}

  /// Writes the content.
  @FunctionalInterface
  interface Writer<T> {
    T writeTo(OutputStream out) throws IOException;
  }

  static <T> T write(Path file, Writer<T> writer) throws IOException {
    if (Files.isDirectory(file)) {
      throw CommandFailure.wrongUse(file + ": is a directory");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // Why: a device or a pipe cannot be replaced, only written to.
      try (OutputStream out = Files.newOutputStream(file)) {
        return writer.writeTo(out);
      }
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw CommandFailure.wrongUse(folder + ": no such directory");
    }
    Path partial = folder.resolve("." + file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      T result;
      try (FileChannel channel =
              FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
        result = writer.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      return result;
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
