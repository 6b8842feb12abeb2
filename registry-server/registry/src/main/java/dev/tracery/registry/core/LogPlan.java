package dev.tracery.registry.core;

import dev.tracery.model.Sha256;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.log.Commit;
import java.util.Map;

/// What a write would add to the log, decided against one revision of the index.
interface LogPlan {

  /// Against which it was made …
  Index index();

  /// … at this revision.
  long base();

  /// Without entries where there is nothing to add.
  Commit commit();

  /// The texts that the commit is the first to speak of, by their hashes.
  Map<Sha256, byte[]> blobs();

  default boolean isUpToDate(Index now) {
    return index() == now && base() == now.head().revision();
  }

  /// A plan that is nothing but its commit.
  record Entries(Index index, long base, Commit commit) implements LogPlan {
    @Override
    public Map<Sha256, byte[]> blobs() {
      return Map.of();
    }
  }
}
