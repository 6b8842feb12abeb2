package dev.tracery.translate.server;

import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Where traces lie while they are translated: a folder of files that nobody else reads, each
/// deleted with its call. What a crash has left is deleted at the next start. Thread-safe.
final class TraceSpool {

  private final Path folder;
  private final long maxFileBytes;
  private final long maxBytes;
  private final AtomicLong used = new AtomicLong();

  /// Empties the folder.
  ///
  /// @throws UncheckedIOException if it cannot be made or emptied
  TraceSpool(Path folder, long maxFileBytes, long maxBytes) {
    this.folder = folder;
    this.maxFileBytes = maxFileBytes;
    this.maxBytes = maxBytes;
    try {
      delete(folder);
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot empty " + folder, e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /// A folder for one call.
  SpooledTrace begin() {
    try {
      return new SpooledTrace(Files.createTempDirectory(folder, "trace"));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static RegistryException unwritable(IOException e) {
    RegistryException refusal =
        new RegistryException(
            Code.UNAVAILABLE,
            "trace",
            "the server cannot keep the trace while it is translated: " + e.getMessage());
    refusal.initCause(e);
    return refusal;
  }

  /// One trace. Not thread-safe.
  final class SpooledTrace implements AutoCloseable {
    private final Path home;
    private @Nullable OutputStream out;
    private long size;
    private boolean closed;

    private SpooledTrace(Path home) {
      this.home = home;
    }

    /// The file.
    Path file() {
      return home.resolve("trace");
    }

    long size() {
      return size;
    }

    /// Appends some bytes.
    ///
    /// @throws RegistryException RESOURCE_EXHAUSTED if that is too much
    void append(byte[] bytes) {
      size += bytes.length;
      if (size > maxFileBytes) {
        size -= bytes.length;
        throw tooLarge("the trace has", maxFileBytes, "tracery.translation.max-file-bytes");
      }
      if (used.addAndGet(bytes.length) > maxBytes) {
        throw tooLarge(
            "the traces that the server translates now have",
            maxBytes,
            "tracery.translation.max-spool-bytes");
      }
      try {
        if (out == null) {
          out = Files.newOutputStream(file());
        }
        out.write(bytes);
      } catch (IOException e) {
        throw unwritable(e);
      }
    }

    /// No more will come.
    void finish() {
      try {
        if (out == null) {
          out = Files.newOutputStream(file());
        }
        out.close();
      } catch (IOException e) {
        throw unwritable(e);
      }
    }

    private RegistryException tooLarge(String what, long limit, String setting) {
      return new RegistryException(
          Code.RESOURCE_EXHAUSTED,
          setting,
          String.format(
              "%s more than %,d bytes, which is the limit; set %s to raise it, or translate the"
                  + " file where it is: `tracery translate` needs no server",
              what, limit, setting));
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      used.addAndGet(-size);
      try {
        if (out != null) {
          out.close();
        }
      } catch (IOException _) {
        // It is deleted now.
      }
      try {
        delete(home);
      } catch (IOException e) {
        System.getLogger(TraceSpool.class.getName())
            .log(System.Logger.Level.WARNING, "cannot delete " + home + ": " + e);
      }
    }
  }
}
