package dev.tracery.registry.policy;

import dev.tracery.registry.Consumers.Claim;
import java.util.List;

/// The requirements of live claims, by what they use. Made once for each set of claims, and kept
/// while the set is the same: it also remembers how they stood on the layouts they were judged on.
/// Thread-safe.
public final class ClaimIndex {

  private final List<Claim> claims;

  private ClaimIndex(List<Claim> claims) {
    this.claims = List.copyOf(claims);
  }

  /// @param live the claims that count
  public static ClaimIndex of(List<Claim> live) {
    return new ClaimIndex(live);
  }

  /// How many requirements the claims have.
  public int requirementCount() {
    return claims.stream().mapToInt(claim -> claim.consumer().requirements().size()).sum();
  }
}
