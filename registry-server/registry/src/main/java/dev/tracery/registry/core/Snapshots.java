package dev.tracery.registry.core;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.tracery.model.NumberSetting;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.ParsedCommit;
import dev.tracery.registry.log.SnapshotCommits;
import dev.tracery.registry.log.SnapshotHeader;
import dev.tracery.store.Store;
import dev.tracery.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Snapshots of the log: read when a server starts, written in the background when the log has
/// grown. See `docs/decisions/1612-a-snapshot-is-the-log-in-few-parts.md`.
final class Snapshots implements AutoCloseable {

  /// After how many commits a snapshot is written, by default.
  static final int COMMITS = 1_000;

  /// The setting's name; 0 writes none.
  static final String PROPERTY = "tracery.snapshot.commits";

  private static final System.Logger LOGGER = System.getLogger(Snapshots.class.getName());
  private static final int FORMAT = 1;

  // Why: parts are read side by side, and each is held in memory while it is.
  private static final int PART_BYTES = 1 << 20;
  private static final int COMMITS_AT_ONCE = 64;

  // Why: a snapshot is written whole, so the log must have grown by a part of what it has.
  private static final int GROWTH = 10;

  private final Store store;
  private final long commits;
  private final String self;
  private final AtomicBoolean writing = new AtomicBoolean();
  private final AtomicLong head = new AtomicLong();
  private volatile long revision;
  private volatile long next;
  private volatile boolean closed;

  /// @param commits after how many a snapshot is written, 0 for never
  /// @param self by which id this server is known to others
  Snapshots(Store store, int commits, String self) {
    this.store = store;
    this.commits = commits;
    this.self = self;
    this.next = commits;
  }

  /// What the property says.
  ///
  /// @throws IllegalArgumentException if it is no whole number of its range
  static int commits(Function<String, @Nullable String> property) {
    return (int) new NumberSetting(PROPERTY, 0, Integer.MAX_VALUE, COMMITS).read(property);
  }

  /// The revision of the newest snapshot that this server has read or written, 0 for none.
  long revision() {
    return revision;
  }

  /// What the newest snapshot says, or the empty index where there is none that can be used.
  Index load() {
    try {
      Optional<Store.Snapshot> found = store.snapshot();
      if (found.isEmpty()) {
        return new Index();
      }
      Index index = load(found.get());
      loaded(index.head().revision());
      return index;
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.CORRUPT) {
        throw StoreCalls.refusal(e);
      }
      unusable(String.valueOf(e.getMessage()));
    } catch (RegistryException e) {
      // Why not its message: it speaks of the log.
      unusable(
          "the snapshot in " + store.name() + " cannot be used: it does not fit at " + e.subject());
    } catch (UnusableException e) {
      unusable("the snapshot in " + store.name() + " cannot be used: " + e.getMessage());
    }
    return new Index();
  }

  /// Writes a snapshot in the background if the log has grown enough, and no other server is there
  /// to do it.
  void headMoved(long to) {
    head.accumulateAndGet(to, Math::max);
    if (isDue() && writing.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("tracery-snapshot").start(this::writeAllThatAreDue);
    }
  }

  private boolean isDue() {
    return commits > 0 && head.get() >= next && !closed;
  }

  private void writeAllThatAreDue() {
    // Why again and again: while one is written, nobody else begins another.
    do {
      try {
        while (isDue()) {
          writeIfElected(head.get());
        }
      } finally {
        writing.set(false);
      }
    } while (isDue() && writing.compareAndSet(false, true));
  }

  @Override
  public void close() {
    closed = true;
  }

  private void writeIfElected(long to) {
    try {
      if (isElected()) {
        write(to);
        loaded(to);
      } else {
        // Why: whoever is elected may go away before it has written one.
        next = to + Math.max(1, commits / GROWTH);
      }
    } catch (StoreException e) {
      next = to + commits;
      if (!closed) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "no snapshot of revision "
                + to
                + " was written, which costs time at a start and nothing else: "
                + e.getMessage());
      }
    }
  }

  /// Whether this server is the one of all over the log that writes snapshots.
  private boolean isElected() {
    String first = null;
    boolean announced = false;
    for (Store.Server server : store.servers()) {
      announced |= server.id().equals(self);
      first = first == null || server.id().compareTo(first) < 0 ? server.id() : first;
    }
    return !announced || self.equals(first);
  }

  private void loaded(long at) {
    revision = at;
    next = at + Math.max(commits, at / GROWTH);
  }

  /// Writes a snapshot of the log up to revision `to`.
  void write(long to) {
    List<byte[]> parts = new ArrayList<>();
    parts.add(SnapshotHeader.newBuilder().setFormat(FORMAT).setRevision(to).build().toByteArray());
    SnapshotCommits.Builder part = SnapshotCommits.newBuilder();
    long partBytes = 0;
    long done = 0;
    long time = 0;
    while (done < to) {
      List<Store.Commit> read = store.read(done, (int) Math.min(COMMITS_AT_ONCE, to - done));
      if (read.isEmpty() || closed) {
        throw new StoreException(
            StoreException.Reason.UNAVAILABLE, "the log ends before revision " + (done + 1));
      }
      for (Store.Commit commit : read) {
        if (partBytes > 0 && partBytes + commit.entries().length > PART_BYTES) {
          parts.add(part.build().toByteArray());
          part = SnapshotCommits.newBuilder();
          partBytes = 0;
          time = 0;
        }
        if (part.getFirstRevision() == 0) {
          part.setFirstRevision(commit.revision());
        }
        part.addTimeMillis(commit.timeMillis() - time);
        part.addEntries(UnsafeByteOperations.unsafeWrap(commit.entries()));
        partBytes += commit.entries().length;
        time = commit.timeMillis();
        done = commit.revision();
      }
    }
    parts.add(part.build().toByteArray());
    store.save(new Store.Snapshot(to, parts));
  }

  private static Index load(Store.Snapshot snapshot) {
    SnapshotHeader header;
    try {
      header = SnapshotHeader.parseFrom(snapshot.parts().getFirst());
    } catch (InvalidProtocolBufferException e) {
      throw new UnusableException("its first part cannot be read: " + e.getMessage());
    }
    if (header.getFormat() != FORMAT) {
      throw new UnusableException(
          "it is of format " + header.getFormat() + ", and this version knows format " + FORMAT);
    }
    Index index = new Index();
    Replay.run(
        index,
        snapshot.parts().stream()
            .skip(1)
            .<Callable<List<ParsedCommit>>>map(part -> () -> commits(part))
            .iterator());
    long folded = index.head().revision();
    if (folded != snapshot.revision() || folded != header.getRevision()) {
      throw new UnusableException(
          "it has revision %d but says that it has %d and %d"
              .formatted(folded, snapshot.revision(), header.getRevision()));
    }
    return index;
  }

  private static List<ParsedCommit> commits(byte[] part) {
    SnapshotCommits commits;
    try {
      // Why each commit's bytes are copied: what stays of one would hold all of the part.
      commits = SnapshotCommits.parseFrom(part);
    } catch (InvalidProtocolBufferException e) {
      throw new UnusableException("a part cannot be read: " + e.getMessage());
    }
    if (commits.getEntriesCount() != commits.getTimeMillisCount()) {
      throw new UnusableException("a part has other times than commits");
    }
    List<ParsedCommit> parsed = new ArrayList<>(commits.getEntriesCount());
    long time = 0;
    for (int i = 0; i < commits.getEntriesCount(); i++) {
      time += commits.getTimeMillis(i);
      parsed.add(
          ParsedCommit.of(
              new Store.Commit(
                  commits.getFirstRevision() + i, time, commits.getEntries(i).toByteArray())));
    }
    return parsed;
  }

  private static void unusable(String what) {
    LOGGER.log(
        System.Logger.Level.WARNING,
        what
            + "; the whole log is read instead, which takes longer and loses nothing, and a new"
            + " snapshot is written when the log has grown");
  }

  /// A snapshot that is not what this version writes.
  private static final class UnusableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnusableException(String message) {
      super(message);
    }
  }
}
