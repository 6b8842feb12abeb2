package dev.tracery.registry.core;

import dev.tracery.model.Sha256;
import dev.tracery.store.MemoryStore;
import dev.tracery.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/// A store in memory, for tests that change what some of its methods do.
abstract class ForwardingStore implements Store {

  final MemoryStore store;

  ForwardingStore(MemoryStore store) {
    this.store = store;
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
  public List<Commit> read(long afterRevision, int limit) {
    return store.read(afterRevision, limit);
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
  public void save(Snapshot snapshot) {
    store.save(snapshot);
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
    return store.name();
  }

  @Override
  public void close() {
    store.close();
  }
}
