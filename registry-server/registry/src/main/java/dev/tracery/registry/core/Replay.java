package dev.tracery.registry.core;

import dev.tracery.registry.index.CommitReader;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.ParsedCommit;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Folds many commits: they are read and parsed ahead on other threads, and applied in order on the
/// caller's.
final class Replay {

  // Why so few: each holds some MiB.
  private static final int AHEAD = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);

  private Replay() {}

  /// Applies all commits of all batches.
  ///
  /// @param batches each reads some commits; what it throws is thrown on
  static void run(Index index, Iterator<Callable<List<ParsedCommit>>> batches) {
    try (ExecutorService readers = Executors.newFixedThreadPool(AHEAD, Replay::thread)) {
      ArrayDeque<Future<List<ParsedCommit>>> ahead = new ArrayDeque<>();
      try {
        while (batches.hasNext() || !ahead.isEmpty()) {
          while (batches.hasNext() && ahead.size() <= AHEAD) {
            ahead.add(readers.submit(batches.next()));
          }
          for (ParsedCommit commit : result(ahead.remove())) {
            index.apply(CommitReader.replay(index, commit));
          }
        }
      } finally {
        ahead.forEach(batch -> batch.cancel(false));
      }
    }
  }

  private static Thread thread(Runnable task) {
    return Thread.ofPlatform().daemon().name("tracery-replay").unstarted(task);
  }

  private static List<ParsedCommit> result(Future<List<ParsedCommit>> batch) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return batch.get();
        } catch (InterruptedException _) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException failure) {
            throw failure;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
