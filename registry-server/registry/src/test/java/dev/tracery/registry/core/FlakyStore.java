package dev.tracery.registry.core;

import dev.tracery.model.Sha256;
import dev.tracery.store.MemoryStore;
import dev.tracery.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A store that fails when it is told to, and can do something just before an append.
final class FlakyStore extends ForwardingStore {

  StoreException.@Nullable Reason failure;
  StoreException.@Nullable Reason readFailure;
  volatile Health health = Health.HERE;
  // Whether an append that fails has been stored all the same.
  boolean failsAfterwards;
  @Nullable Runnable beforeAppend;
  private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();

  FlakyStore() {
    this(new MemoryStore.Disk());
  }

  FlakyStore(MemoryStore.Disk disk) {
    super(new MemoryStore(disk));
  }

  @Override
  public AppendResult append(long expectedHead, byte[] entries, Map<Sha256, byte[]> blobs) {
    Runnable before = beforeAppend;
    if (before != null) {
      beforeAppend = null;
      before.run();
    }
    if (failsAfterwards) {
      store.append(expectedHead, entries, blobs);
    }
    fail();
    return store.append(expectedHead, entries, blobs);
  }

  @Override
  public AppendResult appendAll(Iterable<PendingCommit> commits) {
    fail();
    return store.appendAll(commits);
  }

  private void fail() {
    fail(failure);
  }

  private static void fail(StoreException.@Nullable Reason reason) {
    if (reason != null) {
      throw new StoreException(reason, "the disk is " + reason);
    }
  }

  @Override
  public List<Commit> read(long afterRevision, int limit) {
    fail(readFailure);
    return store.read(afterRevision, limit);
  }

  @Override
  public Subscription onHeadMoved(LongConsumer listener) {
    listeners.add(listener);
    Subscription subscription = store.onHeadMoved(listener);
    return () -> {
      listeners.remove(listener);
      subscription.close();
    };
  }

  /// Tells those who listen that the head is this.
  void tell(long head) {
    listeners.forEach(listener -> listener.accept(head));
  }

  @Override
  public Health health() {
    return health;
  }

  @Override
  public String name() {
    return "flaky";
  }
}
