package dev.tracery.store.postgres;

import dev.tracery.store.Store.Health;
import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Whether the database answers, so that nobody waits for one that does not. Thread-safe.
final class Reachability {

  private record Problem(Reason reason, String message) {}

  private volatile Problem problem =
      new Problem(Reason.UNAVAILABLE, "the database was not asked yet");
  private volatile boolean reachable;
  private volatile long confirmedNanos = System.nanoTime();

  /// @throws StoreException if it does not
  void check() {
    if (!reachable) {
      Problem said = problem;
      throw new StoreException(said.reason(), said.message());
    }
  }

  boolean isReachable() {
    return reachable;
  }

  /// It has answered.
  ///
  /// @param askedNanos when it was asked, by [System#nanoTime]
  void confirm(long askedNanos) {
    confirmedNanos = askedNanos;
    reachable = true;
  }

  /// It has not.
  ///
  /// @param reason with which calls fail from now on
  void lost(Reason reason, @Nullable String why) {
    problem = new Problem(reason, String.valueOf(why));
    reachable = false;
  }

  Health health() {
    Duration age = Duration.ofNanos(Math.max(0, System.nanoTime() - confirmedNanos));
    boolean now = reachable;
    return new Health(now, age, now ? "" : problem.message());
  }
}
