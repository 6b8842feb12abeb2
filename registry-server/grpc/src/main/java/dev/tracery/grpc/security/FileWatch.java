package dev.tracery.grpc.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Has files read again when they have changed.
///
/// Why it looks at them instead of being told (inotify): files that are mounted into containers are
/// replaced by changing a link two folders above.
final class FileWatch implements AutoCloseable {

  private final List<Watched> watched = new ArrayList<>();
  private final Thread thread;

  /// @param period how often to look
  FileWatch(Duration period) {
    thread = Thread.ofPlatform().daemon().name("tracery-files").unstarted(() -> run(period));
  }

  /// Has `changed` run, on the watch's thread, each time when one of `files` is not as before and
  /// then stays as it is for a period: two files that belong together are written one after the
  /// other. To be called before [#start].
  void add(List<Path> files, Runnable changed) {
    watched.add(new Watched(files, changed));
  }

  /// Begins to look, if there is something to look at.
  void start() {
    if (!watched.isEmpty()) {
      thread.start();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run(Duration period) {
    try {
      while (true) {
        Thread.sleep(period);
        watched.forEach(Watched::look);
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  private static final class Watched {
    private final List<Path> files;
    private final Runnable changed;
    private List<Object> taken;
    private List<Object> seen;

    Watched(List<Path> files, Runnable changed) {
      this.files = files;
      this.changed = changed;
      this.taken = stamps();
      this.seen = taken;
    }

    void look() {
      List<Object> now = stamps();
      boolean rests = now.equals(seen);
      seen = now;
      if (rests && !now.equals(taken)) {
        taken = now;
        changed.run();
      }
    }

    private List<Object> stamps() {
      return files.stream().map(Watched::stamp).toList();
    }

    /// What changes with a file, following links.
    private static Object stamp(Path file) {
      try {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return List.of(
            attributes.lastModifiedTime(),
            attributes.size(),
            String.valueOf(attributes.fileKey()),
            SmallFile.isOpenToOthers(file));
      } catch (IOException e) {
        return "";
      }
    }
  }
}
