package dev.tracery.registry.claims;

import dev.tracery.consumer.Consumer;

/// One thing that happened to a version of a tool.
public sealed interface ClaimStep {

  /// The revision at which it happened.
  long revision();

  /// When it happened, in milliseconds since 1970.
  long timeMillis();

  /// It was declared, or declared anew.
  record Declared(Consumer consumer, long revision, long timeMillis) implements ClaimStep {}

  /// It was seen; `consumer` replaces what was observed before.
  record Observed(Consumer consumer, long revision, long timeMillis) implements ClaimStep {}

  /// Its claims ended.
  ///
  /// @param supersededBy a version; empty where it was withdrawn
  record Ended(String supersededBy, String reason, long revision, long timeMillis)
      implements ClaimStep {}
}
