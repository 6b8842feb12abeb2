package dev.tracery.registry.core;

import dev.tracery.registry.Registry.Freshness;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.export.ExportReader;
import dev.tracery.registry.index.CommitReader;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.ParsedCommit;
import dev.tracery.store.Store;
import dev.tracery.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// The index and the store's log behind it: replays, follows what other processes append, and
/// appends what was planned against the index as it is. Thread-safe.
final class Log implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(Log.class.getName());

  // Why: the commit of a kernel whose formats are new takes some MiB, that of a sibling less than
  // one.
  private static final int FEW_COMMITS = 32;
  private static final int MANY_COMMITS = 1_024;
  private static final int MANY_BYTES = 4 << 20;

  // Why: each time another process was faster; so many in a row are no race any more.
  private static final int MAX_ATTEMPTS = 100;

  // Why: then writers come one after the other, and waiting for them costs less than trying again.
  private static final int STEADY_ATTEMPTS = 3;

  // Why: who waits for a revision need not wait longer to hear that the store has gone away.
  private static final Duration SLICE = Duration.ofMillis(200);

  private static final Duration LONG_AGO = Duration.ofDays(36_500);

  private final Store store;
  private final Snapshots snapshots;
  private final String id = Presence.newId();
  private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
  // A look into the store that somebody has asked for and that has not begun.
  private final AtomicReference<@Nullable CompletableFuture<Void>> nextLook =
      new AtomicReference<>();
  private final Store.Subscription subscription;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final ReentrantLock waiting = new ReentrantLock();
  private final Condition moved = waiting.newCondition();
  // The greatest revision that was heard of.
  private final AtomicLong known = new AtomicLong();
  // By System.nanoTime: when the index had all of the log, as far as is known.
  private final AtomicLong evenNanos = new AtomicLong(System.nanoTime());
  private volatile Index index;
  private volatile @Nullable String stopped;
  // Why it could not be looked into the store; empty if it could.
  private volatile String trouble = "";
  private boolean uncertain;
  private volatile boolean closed;

  /// Replays the store's log.
  Log(Store store) {
    this(store, Snapshots.COMMITS);
  }

  /// Replays the store's log.
  ///
  /// @param snapshotCommits after how many commits a snapshot is written, 0 for never
  Log(Store store, int snapshotCommits) {
    this.store = store;
    this.snapshots = new Snapshots(store, snapshotCommits, id);
    this.index = snapshots.load();
    // Why before the rest is read: so that nothing is missed between the replay and the first call.
    this.subscription = store.onHeadMoved(this::storeMoved);
    try {
      start();
    } catch (RuntimeException e) {
      subscription.close();
      throw e;
    }
    snapshots.headMoved(index.head().revision());
  }

  /// By which this server is known to the others over the same log.
  String id() {
    return id;
  }

  /// The revision of the newest snapshot that this server knows of, 0 for none.
  long snapshotRevision() {
    return snapshots.revision();
  }

  /// The greatest revision that this server has heard of, which it may not have read yet.
  long knownRevision() {
    return Math.max(known.get(), index.head().revision());
  }

  /// How far the index may be behind the log. Never blocks.
  Freshness freshness() {
    // Why the store first: what it has heard of after that only makes this older.
    Store.Health health = store.health();
    long now = System.nanoTime();
    String halt = stopped;
    if (halt == null && known.get() <= index.head().revision()) {
      Duration age = health.age().compareTo(LONG_AGO) < 0 ? health.age() : LONG_AGO;
      even(now - age.toNanos());
    }
    Duration age = Duration.ofNanos(Math.max(0, now - evenNanos.get()));
    String problem = halt != null ? halt : health.problem().isEmpty() ? trouble : health.problem();
    return new Freshness(halt == null && health.reachable(), age, problem);
  }

  /// Refuses what cannot be written now.
  ///
  /// @throws RegistryException UNAVAILABLE
  void checkWritable() {
    Freshness now = freshness();
    if (!now.storeReachable()) {
      throw new RegistryException(
          RegistryException.Code.UNAVAILABLE,
          "store",
          "nothing can be written now: " + now.problem());
    }
  }

  /// Looks into the store, and waits until the index has `revision`.
  ///
  /// @return whether it has; not if that took longer than `atMost`
  /// @throws RegistryException UNAVAILABLE if the store cannot be reached
  boolean await(long revision, Duration atMost) throws InterruptedException {
    if (has(revision)) {
      return true;
    }
    long deadline = System.nanoTime() + atMost.toNanos();
    CompletableFuture<Void> look = look();
    while (!has(revision)) {
      Freshness now = freshness();
      if (look.isCompletedExceptionally() || !now.storeReachable()) {
        throw new RegistryException(
            RegistryException.Code.UNAVAILABLE,
            "store",
            "revision %d is not here (this server has %d), and the store cannot be read: %s"
                .formatted(revision, index.head().revision(), now.problem()));
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      waiting.lock();
      try {
        if (!has(revision) && !look.isCompletedExceptionally()) {
          long unused = moved.awaitNanos(Math.min(left, SLICE.toNanos()));
        }
      } finally {
        waiting.unlock();
      }
    }
    return true;
  }

  /// Looks into the store if something is there that could not be read before. To be called
  /// regularly.
  void tick() {
    if (stopped == null
        && !closed
        && known.get() > index.head().revision()
        && store.health().reachable()) {
      look();
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
      Optional<T> made = once(reader);
      if (made.isPresent()) {
        return made.get();
      }
    }
    writing.lock();
    try {
      return reader.apply(index);
    } finally {
      writing.unlock();
    }
  }

  /// The same, or empty if something was added meanwhile.
  private <T> Optional<T> once(Function<Index, T> reader) {
    Index now = index;
    long stamp = now.stamp();
    if (stamp % 2 == 0) {
      try {
        T made = reader.apply(now);
        if (now.stamp() == stamp && now == index) {
          return Optional.of(made);
        }
      } catch (RuntimeException e) {
        if (now.stamp() == stamp) {
          throw e;
        }
      }
    }
    return Optional.empty();
  }

  /// A plan with the revision after it.
  record Written<P extends LogPlan>(P plan, long revision) {}

  /// Plans against the index, appends the plan and applies it. Where the head has moved meanwhile,
  /// plans again: what the planner found holds at the revision before the one that is written.
  ///
  /// @param planner may be called more than once, and may refuse by throwing
  /// @param validateOnly only plans
  <P extends LogPlan> Written<P> write(Function<Index, P> planner, boolean validateOnly) {
    return write(planner, validateOnly, true);
  }

  /// Plans, appends and applies like the other.
  ///
  /// @param ahead whether a plan takes so long that no other writer should wait for the first one;
  ///   where others write all the time, it is made for nothing
  <P extends LogPlan> Written<P> write(
      Function<Index, P> planner, boolean validateOnly, boolean ahead) {
    if (!validateOnly) {
      checkWritable();
    }
    if (validateOnly) {
      P plan = steady(planner);
      return new Written<>(plan, plan.base());
    }
    // Why: the first plan is made without the lock, because compiling formats takes long. Why only
    // once: where others write all the time, another one would be too late like this one.
    @Nullable P plan = ahead ? once(planner).orElse(null) : null;
    long before = index.head().revision();
    writing.lock();
    try {
      if (uncertain) {
        // Why: what somebody tried to write before may be there.
        catchUpLocked();
      }
      for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        if (plan == null || !plan.isUpToDate(index)) {
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
    checkWritable();
    writing.lock();
    try {
      catchUpLocked();
      if (index.head().revision() > 0) {
        throw notEmpty();
      }
      // Why: if the reader throws, the store has taken nothing.
      Store.AppendResult result = StoreCalls.call(() -> store.appendAll(() -> commits));
      switch (result) {
        case Store.AppendResult.Appended _ -> {
          index = commits.index();
          heardOf(index.head().revision());
        }
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
    snapshots.close();
    signal();
  }

  private boolean append(LogPlan plan) {
    byte[] entries = plan.commit().toByteArray();
    // Why: what could not be read back must never be written.
    CommitReader.read(index, new Store.Commit(plan.base() + 1, 0, entries));
    long asked = System.nanoTime();
    Store.AppendResult result;
    try {
      result = store.append(plan.base(), entries, plan.blobs());
    } catch (StoreException e) {
      uncertain |= e.reason() == StoreException.Reason.UNCERTAIN;
      stopIfRewound(e);
      throw StoreCalls.refusal(e);
    }
    return switch (result) {
      case Store.AppendResult.Appended(long revision, long timeMillis) -> {
        index.apply(CommitReader.read(index, new Store.Commit(revision, timeMillis, entries)));
        heardOf(revision);
        even(asked);
        yield true;
      }
      case Store.AppendResult.HeadMoved _ -> false;
    };
  }

  private void storeMoved(long head) {
    heardOf(head);
    // Why: the store's thread must not be kept waiting, and who has appended applies it.
    if (head > index.head().revision() && !writing.isHeldByCurrentThread()) {
      look();
    }
  }

  /// Has the store looked into from now on, on a thread of its own; many who ask at once share one
  /// look.
  private CompletableFuture<Void> look() {
    while (true) {
      CompletableFuture<Void> asked = nextLook.get();
      if (asked != null) {
        return asked;
      }
      CompletableFuture<Void> look = new CompletableFuture<>();
      if (nextLook.compareAndSet(null, look)) {
        Thread.ofVirtual().name("tracery-catch-up").start(() -> look(look));
        return look;
      }
    }
  }

  private void look(CompletableFuture<Void> look) {
    try {
      long before = index.head().revision();
      writing.lock();
      try {
        nextLook.set(null);
        catchUpLocked();
      } catch (RuntimeException e) {
        // Why under the lock: so that a look that succeeds after this one has the last word.
        troubled(e);
        throw e;
      } finally {
        writing.unlock();
        notifyIfMoved(before);
      }
      look.complete(null);
    } catch (RuntimeException e) {
      look.completeExceptionally(e);
    }
    signal();
  }

  private void troubled(RuntimeException e) {
    if (trouble.isEmpty() && stopped == null && !closed) {
      LOGGER.log(System.Logger.Level.WARNING, "the store's log cannot be followed now", e);
    }
    trouble = String.valueOf(e.getMessage());
  }

  /// Reads all that there is now, side by side.
  private void replay() {
    long head = StoreCalls.call(store::head);
    heardOf(head);
    Replay.run(
        index,
        LongStream.iterate(
                index.head().revision(), after -> after < head, after -> after + FEW_COMMITS)
            .<Callable<List<ParsedCommit>>>mapToObj(after -> () -> read(after))
            .iterator());
  }

  private List<ParsedCommit> read(long after) {
    return StoreCalls.call(() -> store.read(after, FEW_COMMITS)).stream()
        .map(ParsedCommit::of)
        .toList();
  }

  private void start() {
    writing.lock();
    try {
      replay();
      catchUpLocked();
    } finally {
      writing.unlock();
    }
  }

  private void catchUpLocked() {
    String halt = stopped;
    if (halt != null) {
      throw new RegistryException(RegistryException.Code.UNAVAILABLE, "store", halt);
    }
    int limit = FEW_COMMITS;
    while (true) {
      long after = index.head().revision();
      long asked = System.nanoTime();
      List<Store.Commit> commits;
      try {
        commits = store.read(after, limit);
      } catch (StoreException e) {
        stopIfRewound(e);
        throw StoreCalls.refusal(e);
      }
      apply(commits);
      if (commits.size() < limit) {
        even(asked);
        uncertain = false;
        trouble = "";
        return;
      }
      long bytes = commits.stream().mapToLong(commit -> commit.entries().length).sum();
      limit = bytes > MANY_BYTES / 2 ? FEW_COMMITS : Math.min(MANY_COMMITS, limit * 2);
    }
  }

  private void apply(List<Store.Commit> commits) {
    for (Store.Commit commit : commits) {
      try {
        index.apply(CommitReader.read(index, commit));
      } catch (RegistryException e) {
        heardOf(commit.revision());
        stop(String.valueOf(e.getMessage()), e);
        throw e;
      }
    }
  }

  // Why for good: the component that the store is makes itself anew, and this with it.
  private void stopIfRewound(StoreException e) {
    if (e.reason() == StoreException.Reason.REWOUND) {
      stop(String.valueOf(e.getMessage()), e);
    }
  }

  /// Follows the log no further, and answers from what there is.
  private void stop(String why, RuntimeException cause) {
    if (stopped == null) {
      stopped =
          "this server no longer follows the log, after revision "
              + index.head().revision()
              + ": "
              + why;
      LOGGER.log(System.Logger.Level.ERROR, stopped, cause);
    }
  }

  private boolean has(long revision) {
    return index.head().revision() >= revision;
  }

  private void heardOf(long revision) {
    known.accumulateAndGet(revision, Math::max);
  }

  private void even(long nanos) {
    evenNanos.accumulateAndGet(nanos, (a, b) -> a - b >= 0 ? a : b);
  }

  private void signal() {
    waiting.lock();
    try {
      moved.signalAll();
    } finally {
      waiting.unlock();
    }
  }

  private void notifyIfMoved(long before) {
    long head = index.head().revision();
    if (head == before) {
      return;
    }
    signal();
    snapshots.headMoved(head);
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
