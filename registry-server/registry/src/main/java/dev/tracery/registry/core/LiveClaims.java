package dev.tracery.registry.core;

import dev.tracery.registry.Consumers.Claim;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.policy.ClaimIndex;
import java.time.Instant;
import java.util.List;

/// The claims that count, ready to be judged. Keeps the last index, because claims change seldom
/// and an index remembers what it found. Thread-safe.
final class LiveClaims {

  private record Kept(List<Claim> claims, ClaimIndex index) {}

  private final ClaimsInForce inForce;
  private volatile Kept kept = new Kept(List.of(), ClaimIndex.of(List.of()));

  LiveClaims(ClaimsInForce inForce) {
    this.inForce = inForce;
  }

  /// Those that count at `revision` and at `now`.
  ClaimIndex at(Index index, long revision, Instant now) {
    List<Claim> live = inForce.at(index, revision, now);
    Kept last = kept;
    if (!isSame(last.claims, live)) {
      last = new Kept(live, ClaimIndex.of(live));
      kept = last;
    }
    return last.index;
  }

  /// Whether both say the same. When an observed consumer was last seen is no matter.
  private static boolean isSame(List<Claim> one, List<Claim> other) {
    if (one == other) {
      return true;
    }
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      Claim a = one.get(i);
      Claim b = other.get(i);
      if (a.origin() != b.origin() || !a.consumer().equals(b.consumer())) {
        return false;
      }
    }
    return true;
  }
}
