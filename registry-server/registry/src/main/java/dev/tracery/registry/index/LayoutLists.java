package dev.tracery.registry.index;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Nodes by the layouts that they have, so that those that have the same share them: builds of one
/// kernel differ in ids more than in layouts. One thread at a time adds; any thread reads.
final class LayoutLists {

  // Why not the layouts themselves as keys: what differs and has the same key is only not shared.
  private final Map<Long, SystemEntry> nodes = new ConcurrentHashMap<>();

  void add(SystemEntry node) {
    nodes.putIfAbsent(key(node), node);
  }

  /// A node with these layouts.
  ///
  /// @param layouts their places in the log
  Optional<SystemEntry> find(int[] layouts) {
    long key = layouts.length;
    for (int ordinal : layouts) {
      key = mix(key, ordinal);
    }
    return Optional.ofNullable(nodes.get(key)).filter(node -> has(node, layouts));
  }

  private static boolean has(SystemEntry node, int[] layouts) {
    if (node.size() != layouts.length) {
      return false;
    }
    for (int i = 0; i < layouts.length; i++) {
      if (node.layout(i).ordinal() != layouts[i]) {
        return false;
      }
    }
    return true;
  }

  private static long key(SystemEntry node) {
    long key = node.size();
    for (int i = 0; i < node.size(); i++) {
      key = mix(key, node.layout(i).ordinal());
    }
    return key;
  }

  private static long mix(long key, int ordinal) {
    return (key ^ ordinal) * 0x9e37_79b9_7f4a_7c15L;
  }
}
