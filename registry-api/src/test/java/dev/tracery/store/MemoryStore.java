package dev.tracery.store;

import dev.tracery.model.Sha256;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A store in memory for tests, and the model that other stores are compared with. Thread-safe
/// because every method holds the one lock.
public final class MemoryStore implements Store {

  /// What outlives a store that is closed: opening another over the same disk finds it again.
  public static final class Disk {
    private final List<Commit> commits = new ArrayList<>();
    private final List<Sha256> entryHashes = new ArrayList<>();
    private final Map<Sha256, byte[]> blobs = new HashMap<>();
    private final Map<String, Server> servers = new TreeMap<>();
    private @Nullable Snapshot snapshot;
    private @Nullable Sha256 snapshotHash;

    /// Flips one bit of a commit's entries.
    public synchronized void damageEntries(long revision) {
      commits.get((int) revision - 1).entries()[0] ^= 1;
    }

    /// Flips one bit of the snapshot.
    public synchronized void damageSnapshot() {
      Objects.requireNonNull(snapshot).parts().getFirst()[0] ^= 1;
    }

    /// Flips one bit of a blob.
    public synchronized void damageBlob(Sha256 hash) {
      blobs.computeIfPresent(
          hash,
          (_, content) -> {
            content[0] ^= 1;
            return content;
          });
    }
  }

  private final Disk disk;
  private final InstantSource clock;
  private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
  private boolean closed;
  private @Nullable String self;

  public MemoryStore() {
    this(new Disk());
  }

  public MemoryStore(Disk disk) {
    this(disk, InstantSource.system());
  }

  public MemoryStore(Disk disk, InstantSource clock) {
    this.disk = disk;
    this.clock = clock;
  }

  @Override
  public long head() {
    synchronized (disk) {
      checkOpen();
      return disk.commits.size();
    }
  }

  @Override
  public AppendResult append(long expectedHead, byte[] entries, Map<Sha256, byte[]> blobs) {
    checkEntries(entries);
    synchronized (disk) {
      if (head() != expectedHead) {
        return new AppendResult.HeadMoved(head());
      }
      long last = disk.commits.isEmpty() ? 0 : disk.commits.getLast().timeMillis();
      long time = Math.max(last, clock.millis());
      put(new PendingCommit(time, entries, blobs));
      tellListeners();
      return new AppendResult.Appended(head(), time);
    }
  }

  @Override
  public AppendResult appendAll(Iterable<PendingCommit> commits) {
    synchronized (disk) {
      if (head() != 0) {
        return new AppendResult.HeadMoved(head());
      }
      List<PendingCommit> all = new ArrayList<>();
      long time = 0;
      for (PendingCommit commit : commits) {
        checkEntries(commit.entries());
        if (commit.timeMillis() < time) {
          throw new IllegalArgumentException("the time of commit " + (all.size() + 1));
        }
        time = commit.timeMillis();
        all.add(commit);
      }
      all.forEach(this::put);
      if (!all.isEmpty()) {
        tellListeners();
      }
      return new AppendResult.Appended(head(), time);
    }
  }

  @Override
  public List<Commit> read(long afterRevision, int limit) {
    if (afterRevision < 0 || limit < 0) {
      throw new IllegalArgumentException(afterRevision + ", " + limit);
    }
    synchronized (disk) {
      int from = (int) Math.min(afterRevision, head());
      int to = (int) Math.min((long) from + limit, head());
      return disk.commits.subList(from, to).stream().map(this::checkedCopy).toList();
    }
  }

  @Override
  public Optional<byte[]> blob(Sha256 hash) {
    synchronized (disk) {
      checkOpen();
      byte[] content = disk.blobs.get(hash);
      if (content == null) {
        return Optional.empty();
      }
      if (!Sha256.of(content).equals(hash)) {
        throw new StoreException(StoreException.Reason.CORRUPT, "blob " + hash + " is damaged");
      }
      return Optional.of(content.clone());
    }
  }

  @Override
  public Subscription onHeadMoved(LongConsumer listener) {
    LongConsumer own = listener::accept;
    listeners.add(own);
    return () -> listeners.remove(own);
  }

  @Override
  public Optional<Snapshot> snapshot() {
    synchronized (disk) {
      checkOpen();
      Snapshot saved = disk.snapshot;
      if (saved == null) {
        return Optional.empty();
      }
      if (!hash(saved).equals(disk.snapshotHash) || saved.revision() > head()) {
        throw new StoreException(
            StoreException.Reason.CORRUPT, "the snapshot of " + saved.revision() + " is damaged");
      }
      return Optional.of(copy(saved));
    }
  }

  @Override
  public void save(Snapshot snapshot) {
    synchronized (disk) {
      if (snapshot.revision() < 1 || snapshot.revision() > head() || snapshot.parts().isEmpty()) {
        throw new IllegalArgumentException("a snapshot of " + snapshot.revision());
      }
      if (disk.snapshot == null || disk.snapshot.revision() < snapshot.revision()) {
        disk.snapshot = copy(snapshot);
        disk.snapshotHash = hash(snapshot);
      }
    }
  }

  @Override
  public Health health() {
    return Health.HERE;
  }

  @Override
  public void announce(Server server) {
    synchronized (disk) {
      if (self != null) {
        disk.servers.remove(self);
      }
      self = server.id();
      disk.servers.put(
          server.id(),
          new Server(
              server.id(),
              server.address(),
              server.version(),
              server.revision(),
              server.started(),
              clock.instant()));
    }
  }

  @Override
  public List<Server> servers() {
    synchronized (disk) {
      checkOpen();
      return disk.servers.values().stream().sorted(Comparator.comparing(Server::address)).toList();
    }
  }

  @Override
  public long sizeInBytes() {
    synchronized (disk) {
      checkOpen();
      long size = 0;
      for (Commit commit : disk.commits) {
        size += commit.entries().length;
      }
      for (byte[] blob : disk.blobs.values()) {
        size += Sha256.LENGTH + blob.length;
      }
      return size;
    }
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public void close() {
    synchronized (disk) {
      closed = true;
      if (self != null) {
        disk.servers.remove(self);
      }
    }
  }

  private static Snapshot copy(Snapshot snapshot) {
    return new Snapshot(snapshot.revision(), snapshot.parts().stream().map(byte[]::clone).toList());
  }

  private static Sha256 hash(Snapshot snapshot) {
    MessageDigest digest = Sha256.digest();
    snapshot.parts().forEach(digest::update);
    return Sha256.ofBytes(digest.digest());
  }

  private void put(PendingCommit commit) {
    byte[] entries = commit.entries().clone();
    disk.commits.add(new Commit(disk.commits.size() + 1, commit.timeMillis(), entries));
    disk.entryHashes.add(Sha256.of(entries));
    commit.blobs().forEach((hash, blob) -> disk.blobs.putIfAbsent(hash, blob.clone()));
  }

  private Commit checkedCopy(Commit commit) {
    int index = (int) commit.revision() - 1;
    if (!Sha256.of(commit.entries()).equals(disk.entryHashes.get(index))) {
      throw new StoreException(
          StoreException.Reason.CORRUPT, "commit " + commit.revision() + " is damaged");
    }
    return new Commit(commit.revision(), commit.timeMillis(), commit.entries().clone());
  }

  private void tellListeners() {
    for (LongConsumer listener : listeners) {
      try {
        listener.accept(head());
      } catch (RuntimeException e) {
        System.getLogger(MemoryStore.class.getName())
            .log(System.Logger.Level.WARNING, "a listener to the head failed: " + e);
      }
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new StoreException(StoreException.Reason.UNAVAILABLE, "the store is closed");
    }
  }

  private static void checkEntries(byte[] entries) {
    if (entries.length == 0) {
      throw new IllegalArgumentException("a commit without entries");
    }
  }
}
