package dev.tracery.registry.diff;

import dev.tracery.compiler.layout.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds what a removed field may have become: a field that was added with the same shape and size
/// at the same offset, or, where every field that stayed has moved, at the same place in the order.
final class FieldRenames {

  private FieldRenames() {}

  /// The added field of each removed one for which there is one.
  static Map<Field, Field> find(
      List<Field> from, List<Field> to, List<FieldMatcher.Match<Field>> matches) {
    List<Field> removed = new ArrayList<>();
    // Why by identity: hashing a field hashes its symbols.
    Set<Field> added = Collections.newSetFromMap(new IdentityHashMap<>());
    boolean anyStays = false;
    for (FieldMatcher.Match<Field> match : matches) {
      Field before = match.from();
      Field after = match.to();
      if (before == null && after != null) {
        added.add(after);
      } else if (before != null && after == null) {
        removed.add(before);
      } else if (before != null && after != null) {
        anyStays |= before.offset() == after.offset();
      }
    }
    Map<Field, Field> renames = new IdentityHashMap<>();
    if (removed.isEmpty() || added.isEmpty()) {
      return renames;
    }
    for (Field old : removed) {
      for (Field now : to) {
        if (old.offset() == now.offset() && isAlike(old, now) && added.remove(now)) {
          renames.put(old, now);
          break;
        }
      }
    }
    for (int i = 0; !anyStays && i < Math.min(from.size(), to.size()); i++) {
      Field old = from.get(i);
      Field now = to.get(i);
      if (removed.contains(old)
          && !renames.containsKey(old)
          && isAlike(old, now)
          && added.remove(now)) {
        renames.put(old, now);
      }
    }
    return renames;
  }

  private static boolean isAlike(Field old, Field now) {
    return Shape.of(old.kind()) == Shape.of(now.kind())
        && old.placement() == now.placement()
        && old.size() == now.size()
        && old.elementSize() == now.elementSize();
  }
}
