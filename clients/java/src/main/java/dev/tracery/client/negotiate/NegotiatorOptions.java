package dev.tracery.client.negotiate;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How a negotiator behaves.
///
/// @param deadline how long a negotiation may take, with everything that is tried again: a tool's
///   start is never held up for longer
/// @param cache the folder where answers are kept; empty is none
/// @param cacheBytes how much is kept there; what was not used for longest goes first
/// @param dryRun whether this is a question only, and no start of the tool: then it is no claim
public record NegotiatorOptions(
    Duration deadline, Optional<Path> cache, long cacheBytes, boolean dryRun) {

  /// @throws IllegalArgumentException if the deadline or the size is not positive
  public NegotiatorOptions {
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException("a deadline must be positive");
    }
    if (cacheBytes <= 0) {
      throw new IllegalArgumentException("cacheBytes must be positive");
    }
  }

  /// 2 seconds; 16 MiB in `$XDG_CACHE_HOME/tracery/negotiations`, or under `~/.cache`.
  public static NegotiatorOptions defaults() {
    return new NegotiatorOptions(Duration.ofSeconds(2), defaultCache(), 16L << 20, false);
  }

  /// These options with another deadline.
  public NegotiatorOptions withDeadline(Duration deadline) {
    return new NegotiatorOptions(deadline, cache, cacheBytes, dryRun);
  }

  /// These options with another folder for answers.
  public NegotiatorOptions withCache(Path folder) {
    return new NegotiatorOptions(deadline, Optional.of(folder), cacheBytes, dryRun);
  }

  /// These options without a folder for answers: nothing is kept, and nothing works without the
  /// registry.
  public NegotiatorOptions withoutCache() {
    return new NegotiatorOptions(deadline, Optional.empty(), cacheBytes, dryRun);
  }

  /// These options with another bound of what is kept.
  public NegotiatorOptions withCacheBytes(long bytes) {
    return new NegotiatorOptions(deadline, cache, bytes, dryRun);
  }

  /// These options for a question only, or for a start.
  public NegotiatorOptions withDryRun(boolean dry) {
    return new NegotiatorOptions(deadline, cache, cacheBytes, dry);
  }

  private static Optional<Path> defaultCache() {
    String set = System.getenv("XDG_CACHE_HOME");
    // The XDG base directory specification ignores relative paths.
    if (set != null && Path.of(set).isAbsolute()) {
      return Optional.of(Path.of(set, "tracery", "negotiations"));
    }
    String home = System.getProperty("user.home", "");
    return home.isEmpty() || !Path.of(home).isAbsolute()
        ? Optional.empty()
        : Optional.of(Path.of(home, ".cache", "tracery", "negotiations"));
  }
}
