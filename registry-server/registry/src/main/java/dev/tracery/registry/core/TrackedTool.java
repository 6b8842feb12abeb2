package dev.tracery.registry.core;

import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.Requirement;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// A version of a tool that was seen since the server started. Thread-safe.
final class TrackedTool {

  /// A version of a tool.
  record Key(String name, String version) {
    static Key of(Consumer tool) {
      return new Key(tool.name(), tool.version());
    }
  }

  /// Everything that it was seen to need, also in the log. Replaced, never changed.
  private record Needs(Consumer consumer, Set<Requirement> set, int bytes) {
    static Needs of(Consumer consumer) {
      return new Needs(
          consumer, Set.copyOf(consumer.requirements()), ObservedNeeds.bytes(consumer));
    }
  }

  private final Key key;
  // One for each tool: whether it waits in the queue.
  final AtomicBoolean waiting = new AtomicBoolean();
  private volatile Needs needs;
  private volatile Consumer last;
  private Set<Requirement> recorded = Set.of();
  private volatile boolean unrecorded = true;
  private volatile long lastSeenMillis;
  private volatile long dueMillis;

  TrackedTool(Consumer first) {
    this.key = Key.of(first);
    this.needs = Needs.of(first);
    this.last = first;
  }

  Key key() {
    return key;
  }

  /// Everything that it was seen to need.
  Consumer needs() {
    return needs.consumer();
  }

  int bytes() {
    return needs.bytes();
  }

  long lastSeenMillis() {
    return lastSeenMillis;
  }

  /// Whether the log lacks a sighting of now.
  boolean isDue(long nowMillis) {
    return nowMillis >= dueMillis;
  }

  /// Whether it needs something that the log does not have.
  boolean isUnrecorded() {
    return unrecorded;
  }

  /// Notes that it was seen with these needs.
  ///
  /// @param mayGrow whether there is room for needs that are new
  /// @return how many bytes the needs have grown by
  int seen(Consumer consumer, long nowMillis, boolean mayGrow) {
    // Why: one tick of the clock has many sightings, which would all fight for the cache line.
    if (nowMillis != lastSeenMillis) {
      lastSeenMillis = nowMillis;
    }
    Consumer before = last;
    if (before == consumer || before.requirements().equals(consumer.requirements())) {
      return 0;
    }
    last = consumer;
    return mayGrow && !needs.set().containsAll(consumer.requirements()) ? grow(consumer) : 0;
  }

  /// Takes over what the log has of it.
  ///
  /// @param dueMillis when the next sighting is to be written
  /// @return how many bytes the needs have grown by
  synchronized int recorded(Consumer consumer, long dueMillis) {
    recorded = Set.copyOf(consumer.requirements());
    this.dueMillis = dueMillis;
    int grown = needs.set().containsAll(recorded) ? 0 : grow(consumer);
    unrecorded = !recorded.containsAll(needs.set());
    return grown;
  }

  private synchronized int grow(Consumer consumer) {
    Needs before = needs;
    Consumer union = ObservedNeeds.union(before.consumer(), consumer);
    if (union.requirements().size() == before.consumer().requirements().size()) {
      return 0;
    }
    Needs after = Needs.of(union);
    needs = after;
    unrecorded = !recorded.containsAll(after.set());
    return after.bytes() - before.bytes();
  }
}
