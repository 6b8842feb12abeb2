package dev.tracery.registry.core;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// A cache that drops what was not used for longest when it weighs too much. Thread-safe.
final class RecentlyUsed<K, V> {

  private final long maxWeight;
  private final ToLongFunction<V> weigher;
  private final LinkedHashMap<K, V> entries = new LinkedHashMap<>(64, 0.75f, true);
  private long weight;

  RecentlyUsed(long maxWeight, ToLongFunction<V> weigher) {
    this.maxWeight = maxWeight;
    this.weigher = weigher;
  }

  synchronized Optional<V> get(K key) {
    return Optional.ofNullable(entries.get(key));
  }

  /// Keeps `value`, unless it alone weighs too much.
  synchronized void put(K key, V value) {
    V old = entries.put(key, value);
    weight += weigher.applyAsLong(value) - (old == null ? 0 : weigher.applyAsLong(old));
    var oldest = entries.entrySet().iterator();
    while (weight > maxWeight && oldest.hasNext()) {
      Map.Entry<K, V> dropped = oldest.next();
      weight -= weigher.applyAsLong(dropped.getValue());
      oldest.remove();
    }
  }

  synchronized int size() {
    return entries.size();
  }
}
