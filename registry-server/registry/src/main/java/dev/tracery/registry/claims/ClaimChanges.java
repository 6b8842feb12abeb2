package dev.tracery.registry.claims;

import dev.tracery.registry.Registry.RegistryChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// Which tools one revision spoke of, and how. What it said is in the fold.
public record ClaimChanges(List<Told> told) {

  /// Of a revision that said nothing of tools.
  static final ClaimChanges NONE = new ClaimChanges(List.of());

  /// How a revision spoke of a version of a tool.
  public record Told(ToolVersion tool, Kind kind) {}

  /// What happened.
  public enum Kind {
    DECLARED,
    OBSERVED,
    ENDED
  }

  public ClaimChanges {
    told = List.copyOf(told);
  }

  /// The changes for those who watch, the claims as they stood then.
  public Stream<RegistryChange> at(long revision, Instant time, Duration lapse) {
    return told.stream()
        .map(one -> {
          var claims = one.tool().claims(revision, time, lapse);
          return switch (one.kind()) {
            case DECLARED -> new RegistryChange.ConsumerDeclared(claims.getFirst());
            case OBSERVED -> new RegistryChange.ConsumerObserved(claims.getLast());
            case ENDED -> new RegistryChange.ConsumerEnded(claims.getFirst());
          };
        });
  }
}
