package dev.tracery.registry.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds the fields of one list in another: the same (name, occurrence) is the same field.
final class FieldMatcher {

  /// What a field is known by.
  record Key(String name, int occurrence) {
    @Override
    public String toString() {
      return occurrence == 0 ? name : name + "#" + occurrence;
    }
  }

  /// A field that both have, or one of them.
  record Match<F>(Key key, @Nullable F from, @Nullable F to) {}

  private FieldMatcher() {}

  /// The fields of `from` in their order, then those that only `to` has in theirs.
  static <F> List<Match<F>> match(List<F> from, List<F> to, Function<F, Key> keyOf) {
    Map<Key, F> left = new HashMap<>();
    to.forEach(field -> left.put(keyOf.apply(field), field));
    List<Match<F>> matches = new ArrayList<>();
    for (F field : from) {
      Key key = keyOf.apply(field);
      matches.add(new Match<>(key, field, left.remove(key)));
    }
    for (F field : to) {
      Key key = keyOf.apply(field);
      if (left.remove(key) != null) {
        matches.add(new Match<>(key, null, field));
      }
    }
    return matches;
  }

  /// The fields that both have, in the order of `list`.
  static <F> List<Key> order(List<F> list, List<Match<F>> matches, Function<F, Key> keyOf) {
    Map<Key, Boolean> inBoth = new HashMap<>();
    for (Match<F> match : matches) {
      inBoth.put(match.key(), match.from() != null && match.to() != null);
    }
    return list.stream().map(keyOf).filter(key -> inBoth.getOrDefault(key, false)).toList();
  }
}
