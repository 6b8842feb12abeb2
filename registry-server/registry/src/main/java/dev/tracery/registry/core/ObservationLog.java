package dev.tracery.registry.core;

import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.registry.claims.ClaimStep.Observed;
import dev.tracery.registry.claims.ToolVersion;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.ConsumerObserved;
import dev.tracery.registry.log.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Sightings as entries of the log.
record ObservationLog(Log log, ClaimSettings settings) implements ObservedTools.Records {

  // Why: a commit is told to those who watch in messages of a few MiB.
  private static final int MAX_COMMIT_BYTES = 1 << 20;

  @Override
  public Optional<Observed> last(TrackedTool.Key key) {
    Index index = log.index();
    return last(index, key);
  }

  @Override
  public int write(List<TrackedTool> tools, Instant now) {
    return log.write(
            index -> new LogPlan.Entries(index, index.head().revision(), commit(index, tools, now)),
            false)
        .plan()
        .commit()
        .getEntriesCount();
  }

  private Commit commit(Index index, List<TrackedTool> tools, Instant now) {
    Commit.Builder commit = Commit.newBuilder();
    int bytes = 0;
    int added = 0;
    for (TrackedTool tool : tools) {
      Optional<Observed> last = last(index, tool.key());
      // Another server, over the same log, may have written it.
      if (last.isPresent()
          && now.toEpochMilli() < last.get().timeMillis() + settings.lapse().toMillis()) {
        continue;
      }
      if (index.claims().find(tool.key().name(), tool.key().version()).isEmpty()
          && index.claims().versionCount() + added++ >= settings.maxVersions()) {
        continue;
      }
      Consumer needs =
          last.map(before -> ObservedNeeds.union(before.consumer(), tool.needs()))
              .orElseGet(tool::needs);
      Entry entry =
          Entry.newBuilder()
              .setConsumerObserved(
                  ConsumerObserved.newBuilder().setConsumer(ConsumerWriter.write(needs)))
              .build();
      bytes += entry.getSerializedSize();
      if (bytes > MAX_COMMIT_BYTES && commit.getEntriesCount() > 0) {
        break;
      }
      commit.addEntries(entry);
    }
    return commit.build();
  }

  private static Optional<Observed> last(Index index, TrackedTool.Key key) {
    return index
        .claims()
        .find(key.name(), key.version())
        .flatMap((ToolVersion tool) -> tool.lastObserved(index.head().revision()));
  }
}
