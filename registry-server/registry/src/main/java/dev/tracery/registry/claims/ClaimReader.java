package dev.tracery.registry.claims;

import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerReader;
import dev.tracery.registry.log.ConsumerDeclared;
import dev.tracery.registry.log.ConsumerEnded;
import dev.tracery.registry.log.ConsumerObserved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what one commit says of tools, against the fold before it, which is not changed.
public final class ClaimReader {

  private final Claims before;
  private final long revision;
  private final long timeMillis;
  private final Map<String, ToolVersion> added = new HashMap<>();
  private final List<ClaimDelta.Step> steps = new ArrayList<>();

  public ClaimReader(Claims before, long revision, long timeMillis) {
    this.before = before;
    this.revision = revision;
    this.timeMillis = timeMillis;
  }

  /// @throws IllegalArgumentException if it declares no consumer
  public void read(ConsumerDeclared declared) {
    Consumer consumer = ConsumerReader.readStored(declared.getConsumer());
    add(consumer, new ClaimStep.Declared(consumer, revision, timeMillis));
  }

  /// @throws IllegalArgumentException if what was seen is no consumer
  public void read(ConsumerObserved observed) {
    Consumer consumer = ConsumerReader.readStored(observed.getConsumer());
    add(consumer, new ClaimStep.Observed(consumer, revision, timeMillis));
  }

  /// @throws IllegalArgumentException if there is no such version of a tool
  public void read(ConsumerEnded ended) {
    ToolVersion tool = find(ended.getName(), ended.getVersion());
    if (tool == null) {
      throw new IllegalArgumentException(
          "there is no version " + ended.getVersion() + " of the tool " + ended.getName());
    }
    steps.add(
        new ClaimDelta.Step(
            tool,
            new ClaimStep.Ended(ended.getSupersededBy(), ended.getReason(), revision, timeMillis)));
  }

  /// What was read.
  public ClaimDelta delta() {
    return steps.isEmpty() ? ClaimDelta.NONE : new ClaimDelta(steps);
  }

  private void add(Consumer consumer, ClaimStep step) {
    ToolVersion tool = find(consumer.name(), consumer.version());
    if (tool == null) {
      tool = new ToolVersion(consumer.name(), consumer.version());
      added.put(key(consumer.name(), consumer.version()), tool);
    }
    steps.add(new ClaimDelta.Step(tool, step));
  }

  private @Nullable ToolVersion find(String name, String version) {
    ToolVersion here = added.get(key(name, version));
    return here != null ? here : before.find(name, version).orElse(null);
  }

  // No name has a blank.
  private static String key(String name, String version) {
    return name + " " + version;
  }
}
