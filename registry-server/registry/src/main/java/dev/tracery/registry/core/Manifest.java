package dev.tracery.registry.core;

import dev.tracery.model.Fingerprints;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A kernel's events as a tree with one node for each system, and what the tree and the kernel are
/// known by. Follows from the kernel alone, whatever the log has. Immutable.
///
/// @param nodes in the order of their systems' names
record Manifest(List<Node> nodes, Sha256 fingerprint, String kernelId) {

  /// The events of one system.
  ///
  /// @param from the place of the first among the kernel's listed events
  /// @param firstId the smallest id
  /// @param events empty where they were not listed, because the registry knows the node
  record Node(String system, Sha256 hash, int from, int firstId, List<PendingEvent> events) {

    /// The id of the event at this place of the node, less the smallest.
    int relativeId(int index) {
      return events.get(index).id() - firstId;
    }
  }

  /// The manifest of these events.
  ///
  /// @param events in the order of their names
  /// @param systems others than those of the events
  static Manifest of(
      KernelIdentity identity, List<PendingEvent> events, List<GivenSystem> systems) {
    List<Node> nodes = new ArrayList<>();
    for (GivenSystem given : systems) {
      nodes.add(new Node(given.name(), given.entry().hash(), 0, given.firstId(), List.of()));
    }
    int from = 0;
    while (from < events.size()) {
      int to = from;
      while (to < events.size() && system(events, to).equals(system(events, from))) {
        to++;
      }
      nodes.add(node(events.subList(from, to), from));
      from = to;
    }
    nodes.sort(Comparator.comparing(Node::system));
    Sha256 fingerprint =
        Fingerprints.manifest(
            nodes.stream().map(Node::system).toArray(String[]::new),
            nodes.stream().map(Node::hash).toArray(Sha256[]::new),
            nodes.stream().mapToInt(Node::firstId).toArray());
    return new Manifest(
        List.copyOf(nodes), fingerprint, Fingerprints.kernelId(identity, fingerprint));
  }

  private static String system(List<PendingEvent> events, int place) {
    return events.get(place).event().system();
  }

  private static Node node(List<PendingEvent> events, int from) {
    int firstId = events.stream().mapToInt(PendingEvent::id).min().orElseThrow();
    String system = system(events, 0);
    List<Fingerprints.Member> members = new ArrayList<>(events.size());
    for (PendingEvent event : events) {
      members.add(
          new Fingerprints.Member(event.event().name(), event.hash(), event.id() - firstId));
    }
    return new Node(system, Fingerprints.system(system, members), from, firstId, events);
  }
}
