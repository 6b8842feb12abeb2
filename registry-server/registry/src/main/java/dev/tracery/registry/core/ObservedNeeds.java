package dev.tracery.registry.core;

import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerReader;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.consumer.Requirement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What one version of a tool was seen to need, which may differ from start to start: a tracer
/// takes its events from its command line.
final class ObservedNeeds {

  /// The most that the needs of one version may take, in bytes of the wire.
  static final int MAX_BYTES = 64 << 10;

  private ObservedNeeds() {}

  /// The needs of both, as far as they are within the limits: those of `first` always.
  static Consumer union(Consumer first, Consumer second) {
    Set<Requirement> all = new LinkedHashSet<>(first.requirements());
    int bytes = bytes(first);
    for (Requirement requirement : second.requirements()) {
      int more = ConsumerWriter.write(requirement).getSerializedSize() + 4;
      if (all.size() < ConsumerReader.MAX_REQUIREMENTS
          && bytes + more <= MAX_BYTES
          && all.add(requirement)) {
        bytes += more;
      }
    }
    String source = second.source().isEmpty() ? first.source() : second.source();
    return new Consumer(first.name(), first.version(), source, List.copyOf(all));
  }

  static int bytes(Consumer consumer) {
    return ConsumerWriter.write(consumer).getSerializedSize();
  }
}
