package dev.tracery.registry.core;

import dev.tracery.consumer.Consumer;
import dev.tracery.registry.Consumers.Observations;
import dev.tracery.registry.claims.ClaimStep.Observed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Takes note of tools that were seen, and has a thread that writes them: each version once, and
/// again when [ClaimSettings#lapse] has passed. See
/// `docs/decisions/1101-observed-claims-are-written-once-a-lapse-time.md`.
///
/// [#observe] looks a map up and returns. The others may be called from any thread, too.
final class ObservedTools implements AutoCloseable {

  /// Where sightings are written.
  interface Records {

    /// What the log has of a version of a tool.
    Optional<Observed> last(TrackedTool.Key key);

    /// Writes those that are due, in one commit, and answers how many it wrote. May leave some for
    /// the next call; those are not [TrackedTool#isDue] any more only if they were written.
    int write(List<TrackedTool> tools, Instant now);
  }

  private static final System.Logger LOGGER = System.getLogger(ObservedTools.class.getName());

  // Wakes the writer to find that it is to end.
  private static final TrackedTool END = new TrackedTool(new Consumer("", "", "", List.of()));
  private static final int QUEUE = 20_000;
  private static final int BATCH = 1_000;
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofMillis(1_500);

  private final ClaimSettings settings;
  private final InstantSource clock;
  private final Records records;
  private final Map<TrackedTool.Key, TrackedTool> tracked = new ConcurrentHashMap<>();
  private final BlockingQueue<TrackedTool> queue;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong changes = new AtomicLong();
  private final LongAdder observed = new LongAdder();
  private final LongAdder coalesced = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder written = new LongAdder();
  private final AtomicBoolean dropping = new AtomicBoolean();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread writer;

  /// What the writer has taken out of the queue and not written yet.
  private volatile int held;

  // Of the writer. Why: a store that is away for hours is told of once.
  private boolean failing;

  ObservedTools(ClaimSettings settings, InstantSource clock, Records records) {
    this(settings, clock, records, QUEUE);
  }

  ObservedTools(ClaimSettings settings, InstantSource clock, Records records, int queueSize) {
    this.settings = settings;
    this.clock = clock;
    this.records = records;
    this.queue = new ArrayBlockingQueue<>(queueSize);
    this.writer = Thread.ofPlatform().daemon().name("tracery-claims").unstarted(this::run);
    writer.start();
  }

  /// Takes note of a tool. Never waits.
  void observe(Consumer tool) {
    observed.increment();
    long now = clock.millis();
    TrackedTool known = tracked.get(TrackedTool.Key.of(tool));
    if (known == null) {
      known = track(tool);
      if (known == null) {
        drop();
        return;
      }
    }
    int grown = known.seen(tool, now, bytes.get() < settings.maxObservedBytes());
    if (grown > 0) {
      bytes.addAndGet(grown);
      changes.incrementAndGet();
    }
    if (!known.isDue(now) || !known.waiting.compareAndSet(false, true)) {
      coalesced.increment();
    } else if (!known.isDue(now)) {
      // It was written between the two questions.
      known.waiting.set(false);
      coalesced.increment();
    } else if (!queue.offer(known)) {
      known.waiting.set(false);
      drop();
    }
  }

  /// When a version was last seen by this server.
  Optional<Instant> lastSeen(TrackedTool.Key key) {
    return Optional.ofNullable(tracked.get(key))
        .filter(tool -> tool.lastSeenMillis() > 0)
        .map(tool -> Instant.ofEpochMilli(tool.lastSeenMillis()));
  }

  /// The tools that need something that the log does not have yet.
  List<TrackedTool> unrecorded() {
    return tracked.values().stream().filter(TrackedTool::isUnrecorded).toList();
  }

  /// Moves whenever [#unrecorded] may answer something else.
  long changes() {
    return changes.get();
  }

  Observations counts() {
    return new Observations(
        observed.sum(),
        coalesced.sum(),
        dropped.sum(),
        written.sum(),
        queue.size() + held,
        tracked.size());
  }

  /// Writes what waits, for a second or so, and ends.
  @Override
  public void close() {
    closing.countDown();
    // Why not an interrupt: it would hit whatever the store is doing.
    if (!queue.offer(END)) {
      LOGGER.log(System.Logger.Level.DEBUG, "the queue is full, so its writer is awake");
    }
    try {
      if (!writer.join(GRACE)) {
        LOGGER.log(System.Logger.Level.WARNING, "observed tools were not written before the end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable TrackedTool track(Consumer tool) {
    int size = ObservedNeeds.bytes(tool);
    if (size > ObservedNeeds.MAX_BYTES
        || tracked.size() >= settings.maxVersions()
        || bytes.get() + size > settings.maxObservedBytes()) {
      return null;
    }
    TrackedTool added = new TrackedTool(tool);
    // Why not counted: the bytes of all that it needs are, below.
    takeOver(added);
    added.seen(tool, clock.millis(), false);
    TrackedTool other = tracked.putIfAbsent(added.key(), added);
    if (other != null) {
      return other;
    }
    bytes.addAndGet(added.bytes());
    changes.incrementAndGet();
    return added;
  }

  /// Takes over what the log has of a tool.
  private void refresh(TrackedTool tool) {
    bytes.addAndGet(takeOver(tool));
    changes.incrementAndGet();
  }

  /// @return how many bytes its needs have grown by
  private int takeOver(TrackedTool tool) {
    return records
        .last(tool.key())
        .map(
            last -> tool.recorded(last.consumer(), last.timeMillis() + settings.lapse().toMillis()))
        .orElse(0);
  }

  private void drop() {
    dropped.increment();
    if (dropping.compareAndSet(false, true)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "more tools are seen than can be followed ("
              + tracked.size()
              + " versions); the others are not claims until there is room. The status counts them");
    }
  }

  private void run() {
    List<TrackedTool> batch = new ArrayList<>();
    while (closing.getCount() > 0) {
      try {
        TrackedTool first = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        forgetIdle();
        if (first == null || first == END) {
          continue;
        }
        batch.add(first);
        held = batch.size();
        // Why: a tool that starts on many machines is seen with all its needs within this time.
        closing.await(settings.delay().toMillis(), TimeUnit.MILLISECONDS);
        while (!write(batch)) {
          if (closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
            break;
          }
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    write(batch);
  }

  /// Writes the batch and all that waits.
  ///
  /// @return false if that failed; then the batch is what is to be written again
  private boolean write(List<TrackedTool> batch) {
    long deadline = System.nanoTime() + GRACE.toNanos();
    while (true) {
      queue.drainTo(batch, BATCH - batch.size());
      batch.remove(END);
      held = batch.size();
      if (batch.isEmpty()) {
        dropping.set(false);
        return true;
      }
      if (closing.getCount() == 0 && System.nanoTime() > deadline) {
        return false;
      }
      try {
        Instant now = clock.instant();
        int count = records.write(batch, now);
        if (failing) {
          failing = false;
          LOGGER.log(System.Logger.Level.INFO, "observed tools are written again");
        }
        written.add(count);
        batch.forEach(this::refresh);
        List<TrackedTool> left = new ArrayList<>();
        for (TrackedTool tool : batch) {
          boolean due = tool.isDue(now.toEpochMilli());
          if (due && count == 0) {
            drop();
          }
          if (!due || count == 0) {
            tool.waiting.set(false);
            // Why: it may have been seen, and become due again, while it was being written.
            if (count > 0
                && tool.isDue(tool.lastSeenMillis())
                && tool.waiting.compareAndSet(false, true)) {
              left.add(tool);
            }
          } else {
            left.add(tool);
          }
        }
        batch.clear();
        batch.addAll(left);
      } catch (RuntimeException e) {
        if (!failing) {
          failing = true;
          LOGGER.log(
              System.Logger.Level.WARNING,
              "observed tools could not be written, wait, and are tried again every "
                  + RETRY.toSeconds()
                  + " s: "
                  + e.getMessage());
        }
        return false;
      }
    }
  }

  /// Makes room when there is none: what was not seen for the lapse time is in the log.
  private void forgetIdle() {
    if (tracked.size() < settings.maxVersions() && bytes.get() < settings.maxObservedBytes()) {
      return;
    }
    long before = clock.millis() - settings.lapse().toMillis();
    for (TrackedTool tool : List.copyOf(tracked.values())) {
      if (tool.lastSeenMillis() < before
          && !tool.waiting.get()
          && tracked.remove(tool.key(), tool)) {
        bytes.addAndGet(-tool.bytes());
        changes.incrementAndGet();
      }
    }
  }
}
