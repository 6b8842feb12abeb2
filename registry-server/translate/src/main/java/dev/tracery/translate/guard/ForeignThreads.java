package dev.tracery.translate.guard;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The threads that run foreign code. A piece of work that makes no progress for a while is given
/// up, and so is its thread: Java cannot end it. Such threads are counted, and once there are too
/// many no foreign code is run any more. Thread-safe.
public final class ForeignThreads implements AutoCloseable {

  private static final Logger LOG = System.getLogger(ForeignThreads.class.getName());

  private final Duration limit;
  private final int maxAbandoned;
  private final AtomicInteger abandoned = new AtomicInteger();

  // Bounded by those who wait, which are streams, and by the number of abandoned threads.
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("tracery-foreign-", 0).factory());

  /// @param limit how long work may make no progress
  /// @param maxAbandoned threads that may never return before no foreign code is run any more
  public ForeignThreads(Duration limit, int maxAbandoned) {
    this.limit = limit;
    this.maxAbandoned = maxAbandoned;
  }

  /// A step that answers something.
  ///
  /// @param <T> what it answers
  @FunctionalInterface
  public interface Step<T> {
    T run() throws Throwable;
  }

  /// How many threads are in foreign code that did not return in time.
  public int abandoned() {
    return abandoned.get();
  }

  /// Does `step` and waits for it, as long as a record may take.
  ///
  /// @param what the step is, for the failure: `starting it`
  /// @throws ForeignFailure if it throws anything, or does not end in time
  public <T> T call(String what, Step<T> step) throws ForeignFailure {
    return call(what, limit, step);
  }

  /// Does `step` and waits for it, no longer than `patience`.
  ///
  /// @throws ForeignFailure if it throws anything, or does not end in time
  public <T> T call(String what, Duration patience, Step<T> step) throws ForeignFailure {
    var work =
        new ForeignWork() {
          private volatile @Nullable T answer;

          @Override
          public void run() throws Throwable {
            answer = step.run();
          }
        };
    run(what, patience, work);
    T answer = work.answer;
    if (answer == null) {
      throw new ForeignFailure(what + ": it answered null");
    }
    return answer;
  }

  /// Does `work` and waits for it.
  ///
  /// @throws ForeignFailure if it throws anything, or makes no progress for too long
  public void run(String what, ForeignWork work) throws ForeignFailure {
    run(what, limit, work);
  }

  private void run(String what, Duration patience, ForeignWork work) throws ForeignFailure {
    if (abandoned.get() >= maxAbandoned) {
      throw new ForeignFailure(
          "it was not asked, because "
              + abandoned.get()
              + " threads have not come back from bundles, as many as may be; restart the server");
    }
    Task task = new Task(work);
    threads.execute(task);
    boolean interrupted = false;
    try {
      long before = work.progress();
      long since = System.nanoTime();
      while (true) {
        try {
          long left = patience.toNanos() - (System.nanoTime() - since);
          if (task.done.await(Math.max(left, 1), TimeUnit.NANOSECONDS)) {
            break;
          }
        } catch (InterruptedException _) {
          // Why: the work is bounded in time, and must not be left half done.
          interrupted = true;
          continue;
        }
        long now = work.progress();
        if (now != before) {
          before = now;
          since = System.nanoTime();
        } else if (System.nanoTime() - since >= patience.toNanos()) {
          task.abandon(what, before);
          throw new ForeignFailure(
              what + " took longer than " + patience.toMillis() + " ms and was given up");
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    ForeignFailure said = task.said;
    if (said != null) {
      throw said;
    }
    String words = task.threw;
    if (words != null) {
      throw new ForeignFailure(what + ": " + words);
    }
  }

  /// Lets threads that idle end. Those that were abandoned stay until the process ends.
  @Override
  public void close() {
    threads.shutdown();
  }

  private final class Task implements Runnable {
    private final ForeignWork work;
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile @Nullable ForeignFailure said;
    private volatile @Nullable String threw;
    private volatile @Nullable Thread thread;

    Task(ForeignWork work) {
      this.work = work;
    }

    @Override
    public void run() {
      Thread here = Thread.currentThread();
      thread = here;
      try {
        work.run();
      } catch (ForeignFailure failure) {
        said = failure;
      } catch (Throwable thrown) {
        // Why here: the message of what was thrown is foreign code, too, and may not return.
        threw = ForeignFailure.words(thrown);
      } finally {
        if (!settled.compareAndSet(false, true)) {
          abandoned.decrementAndGet();
          here.setPriority(Thread.NORM_PRIORITY);
          LOG.log(Level.INFO, "a thread has come back from a bundle after all: " + here.getName());
        }
        // Why: the thread serves the next, who must not find what this one left.
        boolean _ = Thread.interrupted();
        done.countDown();
      }
    }

    /// Gives the work up, unless it has just ended.
    void abandon(String what, long progress) {
      if (!settled.compareAndSet(false, true)) {
        return;
      }
      int count = abandoned.incrementAndGet();
      work.abandon(progress);
      Thread stuck = thread;
      if (stuck != null) {
        stuck.setPriority(Thread.MIN_PRIORITY);
        // Why: what waits for something may come back; what loops does not.
        stuck.interrupt();
      }
      LOG.log(
          Level.WARNING,
          what
              + " did not end in time; its thread is left alone, the "
              + count
              + ". of at most "
              + maxAbandoned);
    }
  }
}
