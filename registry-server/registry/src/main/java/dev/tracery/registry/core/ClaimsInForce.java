package dev.tracery.registry.core;

import dev.tracery.consumer.Consumer;
import dev.tracery.registry.Consumers.Claim;
import dev.tracery.registry.Consumers.Origin;
import dev.tracery.registry.Consumers.State;
import dev.tracery.registry.claims.ToolVersion;
import dev.tracery.registry.index.Index;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which claims count. Thread-safe.
final class ClaimsInForce {

  private final ClaimSettings settings;
  private final ObservedTools observed;
  private volatile @Nullable Known last;

  /// @param changes of the observed tools
  /// @param since from this time …
  /// @param until … to before this one nothing lapses
  private record Known(
      Index index, long revision, long changes, Instant since, Instant until, List<Claim> claims) {}

  ClaimsInForce(ClaimSettings settings, ObservedTools observed) {
    this.settings = settings;
    this.observed = observed;
  }

  /// The live claims at `revision`, by name, then in the order in which the versions appeared. The
  /// same list as before, while no other claim counts.
  ///
  /// At the head, what this server has seen counts though it is not in the log yet.
  List<Claim> at(Index index, long revision, Instant now) {
    long changes = observed.changes();
    Known known = last;
    if (known != null
        && known.index == index
        && known.revision == revision
        && known.changes == changes
        && !now.isBefore(known.since)
        && now.isBefore(known.until)) {
      return known.claims;
    }
    boolean atHead = revision == index.head().revision();
    List<Claim> claims = new ArrayList<>();
    Map<TrackedTool.Key, TrackedTool> unrecorded = new HashMap<>();
    if (atHead) {
      observed.unrecorded().forEach(tool -> unrecorded.put(tool.key(), tool));
    }
    index
        .claims()
        .all(revision)
        .forEach(tool -> {
          for (Claim claim : tool.claims(revision, now, settings.lapse())) {
            if (claim.state() == State.LIVE) {
              claims.add(claim.origin() == Origin.OBSERVED ? seen(claim, unrecorded) : claim);
            }
          }
        });
    for (TrackedTool tool : unrecorded.values()) {
      if (isNew(index, revision, tool)) {
        Claim claim = unwritten(tool);
        // Why: where the log has no room for it, it is never written.
        if (now.isBefore(claim.lapses().orElseThrow())) {
          claims.add(claim);
        }
      }
    }
    Instant until = Instant.MAX;
    for (Claim claim : claims) {
      if (claim.lapses().isPresent() && claim.lapses().get().isBefore(until)) {
        until = claim.lapses().get();
      }
    }
    List<Claim> made =
        known != null && known.claims.equals(claims) ? known.claims : List.copyOf(claims);
    last = new Known(index, revision, changes, now, until, made);
    return made;
  }

  private static boolean isNew(Index index, long revision, TrackedTool tool) {
    Optional<ToolVersion> known = index.claims().find(tool.key().name(), tool.key().version());
    return known.flatMap(version -> version.lastObserved(revision)).isEmpty();
  }

  private static Claim seen(Claim claim, Map<TrackedTool.Key, TrackedTool> unrecorded) {
    TrackedTool tool = unrecorded.get(TrackedTool.Key.of(claim.consumer()));
    if (tool == null) {
      return claim;
    }
    Consumer needs = ObservedNeeds.union(claim.consumer(), tool.needs());
    return new Claim(
        needs,
        claim.origin(),
        claim.state(),
        claim.created(),
        claim.lastSeen(),
        claim.lapses(),
        claim.revision(),
        claim.endedBy());
  }

  /// The claim of a tool that waits to be written.
  private Claim unwritten(TrackedTool tool) {
    Instant seen = Instant.ofEpochMilli(tool.lastSeenMillis());
    return new Claim(
        tool.needs(),
        Origin.OBSERVED,
        State.LIVE,
        seen,
        Optional.of(seen),
        Optional.of(ToolVersion.lapses(seen, settings.lapse())),
        0,
        "");
  }
}
