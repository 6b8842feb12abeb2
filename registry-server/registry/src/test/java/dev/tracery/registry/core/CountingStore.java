package dev.tracery.registry.core;

import dev.tracery.model.Sha256;
import dev.tracery.store.MemoryStore;
import dev.tracery.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// Counts what is read and saved.
final class CountingStore implements Store {

  private final MemoryStore store;
  final AtomicLong commitsRead = new AtomicLong();
  final AtomicLong saved = new AtomicLong();

  CountingStore(MemoryStore.Disk disk) {
    this.store = new MemoryStore(disk);
  }

  @Override
  public List<Commit> read(long afterRevision, int limit) {
    List<Commit> commits = store.read(afterRevision, limit);
    commitsRead.addAndGet(commits.size());
    return commits;
  }

  @Override
  public void save(Snapshot snapshot) {
    saved.incrementAndGet();
    store.save(snapshot);
  }

  @Override
  public long head() {
    return store.head();
  }

  @Override
  public AppendResult append(long expectedHead, byte[] entries, Map<Sha256, byte[]> blobs) {
    return store.append(expectedHead, entries, blobs);
  }

  @Override
  public AppendResult appendAll(Iterable<PendingCommit> commits) {
    return store.appendAll(commits);
  }

  @Override
  public Optional<byte[]> blob(Sha256 hash) {
    return store.blob(hash);
  }

  @Override
  public Subscription onHeadMoved(LongConsumer listener) {
    return store.onHeadMoved(listener);
  }

  @Override
  public Optional<Snapshot> snapshot() {
    return store.snapshot();
  }

  @Override
  public Health health() {
    return store.health();
  }

  @Override
  public void announce(Server server) {
    store.announce(server);
  }

  @Override
  public List<Server> servers() {
    return store.servers();
  }

  @Override
  public long sizeInBytes() {
    return store.sizeInBytes();
  }

  @Override
  public String name() {
    return "counting";
  }

  @Override
  public void close() {
    store.close();
  }
}
