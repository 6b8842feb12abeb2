package dev.tracery.registry.claims;

import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// All tools through all revisions. One thread at a time applies, any thread reads and leaves out
/// what is newer than the revision that it reads at.
public final class Claims {

  private final ConcurrentSkipListMap<String, Tool> tools = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<EventName, Queue<ToolVersion>> users =
      new ConcurrentSkipListMap<>();
  private final AtomicInteger versionCount = new AtomicInteger();
  // Of the thread that applies. Versions of a tool, and many tools, need the same.
  private final Map<Requirement, Requirement> requirements = new HashMap<>();
  private final Map<EventName, Set<ToolVersion>> known = new HashMap<>();

  /// The version of a tool, whatever the revision at which it appeared.
  public Optional<ToolVersion> find(String name, String version) {
    return Optional.ofNullable(tools.get(name)).map(tool -> tool.byVersion.get(version));
  }

  /// The versions of a tool that there were at `revision`, in the order in which they appeared.
  public List<ToolVersion> versions(String name, long revision) {
    Tool tool = tools.get(name);
    return tool == null ? List.of() : versions(tool, revision).toList();
  }

  /// All versions of all tools that there were at `revision`: by name, then in the order in which
  /// they appeared.
  public Stream<ToolVersion> all(long revision) {
    return tools.values().stream().flatMap(tool -> versions(tool, revision));
  }

  /// The names of the tools that there were at `revision`, sorted.
  public List<String> names(long revision) {
    return all(revision).map(ToolVersion::name).distinct().toList();
  }

  /// The events that some tool has ever used, sorted.
  public Collection<EventName> usedEvents() {
    return users.keySet();
  }

  /// The versions of tools that have ever used an event, in the order in which they began to.
  public Stream<ToolVersion> usersOf(EventName event, long revision) {
    Queue<ToolVersion> all = users.get(event);
    return all == null ? Stream.empty() : all.stream().filter(tool -> tool.isThere(revision));
  }

  /// How many versions of tools there are, those that have ended included.
  public int versionCount() {
    return versionCount.get();
  }

  /// Adds what a commit says.
  public void apply(ClaimDelta delta) {
    for (ClaimDelta.Step step : delta.steps()) {
      ToolVersion tool = step.tool();
      Tool versions = tools.computeIfAbsent(tool.name(), _ -> new Tool());
      if (!versions.byVersion.containsKey(tool.version())) {
        versions.add(tool);
        versionCount.incrementAndGet();
      }
      switch (step.step()) {
        case ClaimStep.Declared(Consumer consumer, long revision, long time) ->
            tool.add(new ClaimStep.Declared(shared(tool, consumer), revision, time));
        case ClaimStep.Observed(Consumer consumer, long revision, long time) ->
            tool.add(new ClaimStep.Observed(shared(tool, consumer), revision, time));
        case ClaimStep.Ended ended -> tool.add(ended);
      }
    }
  }

  /// `consumer` made of what is held already, as far as it is.
  private Consumer shared(ToolVersion tool, Consumer consumer) {
    Consumer last = tool.lastConsumer();
    if (last != null && consumer.equals(last)) {
      return last;
    }
    List<Requirement> shared =
        consumer.requirements().stream()
            .map(requirement -> requirements.computeIfAbsent(requirement, r -> r))
            .toList();
    for (Requirement requirement : shared) {
      for (EventUse use : requirement.anyOf()) {
        EventName event = use.event();
        if (event != null && known.computeIfAbsent(event, _ -> new HashSet<>()).add(tool)) {
          users.computeIfAbsent(event, _ -> new ConcurrentLinkedQueue<>()).add(tool);
        }
      }
    }
    return new Consumer(tool.name(), tool.version(), consumer.source(), shared);
  }

  private static Stream<ToolVersion> versions(Tool tool, long revision) {
    return tool.inOrder.stream().filter(version -> version.isThere(revision));
  }
}
