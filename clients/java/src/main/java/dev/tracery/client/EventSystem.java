package dev.tracery.client;

import com.google.protobuf.UnsafeByteOperations;
import dev.tracery.model.Fingerprints;
import dev.tracery.model.Sha256;
import dev.tracery.v1.SystemNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// The events of one system of a kernel: a node of its manifest.
///
/// @param firstId the smallest id
/// @param hash of the events, as [Fingerprints#system] makes it
record EventSystem(String name, int firstId, Sha256 hash) {

  /// The systems of a kernel, in the order of their names.
  static List<EventSystem> of(List<EventSource> events) {
    TreeMap<String, List<EventSource>> systems = new TreeMap<>();
    for (EventSource event : events) {
      systems.computeIfAbsent(event.event().system(), _ -> new ArrayList<>()).add(event);
    }
    List<EventSystem> nodes = new ArrayList<>(systems.size());
    systems.forEach((name, ofSystem) -> nodes.add(of(name, ofSystem)));
    return nodes;
  }

  private static EventSystem of(String name, List<EventSource> events) {
    events.sort(Comparator.comparing(event -> event.event().name()));
    int firstId = events.stream().mapToInt(EventSource::id).min().orElseThrow();
    List<Fingerprints.Member> members = new ArrayList<>(events.size());
    for (EventSource event : events) {
      members.add(
          new Fingerprints.Member(event.event().name(), event.layoutHash(), event.id() - firstId));
    }
    return new EventSystem(name, firstId, Fingerprints.system(name, members));
  }

  /// What stands for the events where the registry knows them.
  SystemNode node() {
    return SystemNode.newBuilder()
        .setSystem(name)
        .setHash(UnsafeByteOperations.unsafeWrap(hash.bytes()))
        .setFirstId(firstId)
        .build();
  }
}
