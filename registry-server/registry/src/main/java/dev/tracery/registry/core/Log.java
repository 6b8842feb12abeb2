package dev.tracery.registry.core;

import dev.tracery.registry.RegistryException;
import dev.tracery.registry.export.ExportReader;
import dev.tracery.registry.index.CommitReader;
import dev.tracery.registry.index.Index;
import dev.tracery.store.Store;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongConsumer;

/// The index and the store's log behind it: replays, follows what other processes append, and
/// appends what was planned against the index as it is. Thread-safe.
final class Log implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(Log.class.getName());

  // Why: the commit of a kernel whose formats are new takes some MiB.
  private static final int COMMITS_AT_ONCE = 32;

  // Why: each time another process was faster; so many in a row are no race any more.
  private static final int MAX_ATTEMPTS = 100;

  // Why: then writers come one after the other, and waiting for them costs less than trying again.
  private static final int STEADY_ATTEMPTS = 3;

  private final Store store;
  private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean catchingUp = new AtomicBoolean();
  private final Store.Subscription subscription;
  private final ReentrantLock writing = new ReentrantLock(true);
  private volatile Index index = new Index();
  private volatile boolean closed;

  /// Replays the store's log.
  Log(Store store) {
    this.store = store;
    // Why: first, so that nothing is missed between the replay and the first call.
    this.subscription = store.onHeadMoved(this::storeMoved);
    try {
      catchUp();
    } catch (RuntimeException e) {
      subscription.close();
      throw e;
    }
  }

  /// What has been replayed. Taken once for each read.
  Index index() {
    return index;
  }

  AutoCloseable onHeadMoved(LongConsumer listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /// What `reader` makes of the index while nothing is added to it: all of it is of one revision,
  /// also what the index does not know by its revision.
  ///
  /// @param reader may be called more than once
  <T> T steady(Function<Index, T> reader) {
    for (int attempt = 0; attempt < STEADY_ATTEMPTS; attempt++) {
      Index now = index;
      long stamp = now.stamp();
      if (stamp % 2 == 0) {
        try {
          T made = reader.apply(now);
          if (now.stamp() == stamp && now == index) {
            return made;
          }
        } catch (RuntimeException e) {
          if (now.stamp() == stamp) {
            throw e;
          }
        }
      }
    }
    writing.lock();
    try {
      return reader.apply(index);
    } finally {
      writing.unlock();
    }
  }

  /// A plan with the revision after it.
  record Written<P extends LogPlan>(P plan, long revision) {}

  /// Plans against the index, appends the plan and applies it. Where the head has moved meanwhile,
  /// plans again: what the planner found holds at the revision before the one that is written.
  ///
  /// @param planner may be called more than once, and may refuse by throwing
  /// @param validateOnly only plans
  <P extends LogPlan> Written<P> write(Function<Index, P> planner, boolean validateOnly) {
    // Why: the first plan is made without the lock, because compiling formats takes long.
    P plan = steady(planner);
    if (validateOnly) {
      return new Written<>(plan, plan.base());
    }
    long before = index.head().revision();
    writing.lock();
    try {
      for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        if (!plan.isUpToDate(index)) {
          plan = planner.apply(index);
        }
        if (plan.commit().getEntriesCount() == 0) {
          return new Written<>(plan, plan.base());
        }
        if (append(plan)) {
          return new Written<>(plan, plan.base() + 1);
        }
        catchUpLocked();
      }
    } finally {
      writing.unlock();
      notifyIfMoved(before);
    }
    throw new RegistryException(
        RegistryException.Code.UNAVAILABLE,
        "store",
        "other processes write so often that this one found no gap; try again");
  }

  /// Fills the empty log.
  void importAll(ExportReader commits) {
    writing.lock();
    try {
      catchUpLocked();
      if (index.head().revision() > 0) {
        throw notEmpty();
      }
      // Why: if the reader throws, the store has taken nothing.
      Store.AppendResult result = StoreCalls.call(() -> store.appendAll(() -> commits));
      switch (result) {
        case Store.AppendResult.Appended _ -> index = commits.index();
        case Store.AppendResult.HeadMoved _ -> {
          catchUpLocked();
          throw notEmpty();
        }
      }
    } finally {
      writing.unlock();
    }
    notifyIfMoved(0);
  }

  @Override
  public void close() {
    closed = true;
    subscription.close();
  }

  private boolean append(LogPlan plan) {
    byte[] entries = plan.commit().toByteArray();
    // Why: what could not be read back must never be written.
    CommitReader.read(index, new Store.Commit(plan.base() + 1, 0, entries));
    return switch (StoreCalls.call(() -> store.append(plan.base(), entries, plan.blobs()))) {
      case Store.AppendResult.Appended(long revision, long timeMillis) -> {
        index.apply(CommitReader.read(index, new Store.Commit(revision, timeMillis, entries)));
        yield true;
      }
      case Store.AppendResult.HeadMoved _ -> false;
    };
  }

  private void storeMoved(long head) {
    // Why: the store's thread must not be kept waiting, one who catches up is enough, and who has
    // appended applies it.
    if (head > index.head().revision()
        && !writing.isHeldByCurrentThread()
        && catchingUp.compareAndSet(false, true)) {
      Thread.ofVirtual().name("tracery-catch-up").start(this::catchUpQuietly);
    }
  }

  private void catchUpQuietly() {
    catchingUp.set(false);
    try {
      catchUp();
    } catch (RuntimeException e) {
      if (!closed) {
        LOGGER.log(System.Logger.Level.ERROR, "cannot follow the store's log", e);
      }
    }
  }

  private void catchUp() {
    long before = index.head().revision();
    writing.lock();
    try {
      catchUpLocked();
    } finally {
      writing.unlock();
    }
    notifyIfMoved(before);
  }

  private void catchUpLocked() {
    while (true) {
      long head = index.head().revision();
      List<Store.Commit> commits = StoreCalls.call(() -> store.read(head, COMMITS_AT_ONCE));
      for (Store.Commit commit : commits) {
        index.apply(CommitReader.read(index, commit));
      }
      if (commits.size() < COMMITS_AT_ONCE) {
        return;
      }
    }
  }

  private void notifyIfMoved(long before) {
    long head = index.head().revision();
    if (head == before) {
      return;
    }
    for (LongConsumer listener : listeners) {
      try {
        listener.accept(head);
      } catch (RuntimeException e) {
        LOGGER.log(System.Logger.Level.WARNING, "a listener of the registry's head failed", e);
      }
    }
  }

  private static RegistryException notEmpty() {
    return new RegistryException(
        RegistryException.Code.FAILED_PRECONDITION,
        "registry",
        "the registry is not empty; import into a new one");
  }
}
