package dev.tracery.registry.claims;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The versions of one tool. One thread adds, any thread reads.
final class Tool {

  /// In the order in which they appeared, those of later revisions included.
  final Queue<ToolVersion> inOrder = new ConcurrentLinkedQueue<>();

  final Map<String, ToolVersion> byVersion = new ConcurrentHashMap<>();

  void add(ToolVersion version) {
    byVersion.put(version.version(), version);
    inOrder.add(version);
  }
}
