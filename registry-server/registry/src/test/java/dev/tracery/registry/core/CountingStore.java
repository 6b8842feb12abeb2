package dev.tracery.registry.core;

import dev.tracery.store.MemoryStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Counts what is read and saved.
final class CountingStore extends ForwardingStore {

  final AtomicLong commitsRead = new AtomicLong();
  final AtomicLong saved = new AtomicLong();

  CountingStore(MemoryStore.Disk disk) {
    super(new MemoryStore(disk));
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
  public String name() {
    return "counting";
  }
}
