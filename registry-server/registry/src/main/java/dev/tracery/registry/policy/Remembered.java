package dev.tracery.registry.policy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Answers by question. Forgets all of them when there are too many. Thread-safe.
final class Remembered<K, V> {

  private final int max;
  private final ConcurrentHashMap<K, V> answers = new ConcurrentHashMap<>();

  Remembered(int max) {
    this.max = max;
  }

  V get(K question, Function<? super K, ? extends V> answer) {
    V known = answers.get(question);
    if (known != null) {
      return known;
    }
    V found = answer.apply(question);
    if (answers.size() >= max) {
      answers.clear();
    }
    answers.put(question, found);
    return found;
  }
}
