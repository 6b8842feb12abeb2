package dev.tracery.registry.diff;

import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.EventName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Finds what a removed event may have become: an event that was added whose own fields are the
/// same, or nearly so, and whose name is like the old one. Each added event is taken at most once,
/// by the removed event that it is most like; the order of the events does not matter.
public final class EventRenames {

  // Why so: what Linux 5.10 to 6.12 renamed shares at least so much, and of what it did not, most
  // shares less. With many fields that are all the same, a name may differ more: ext4_readpage and
  // ext4_read_folio.
  private static final double LIKE_FIELDS = 0.6;
  private static final double LIKE_NAME = 0.5;
  private static final double LIKE_NAME_OF_MANY = 0.3;
  private static final int MANY = 3;

  /// Fields that more added events than this have are not looked up: they say nothing.
  private static final int COMMON_PLACE = 2_000;

  private EventRenames() {}

  /// What is compared of an event.
  ///
  /// @param fields one text for each of its own fields: name, what it holds, whether it has 64 bits
  public record Outline(EventName event, List<String> fields) {

    public Outline {
      fields = List.copyOf(fields);
    }

    /// The fields of an outline, of a schema.
    public static List<String> fields(SchemaVersion schema) {
      List<String> fields = new ArrayList<>(schema.fields().size());
      for (SchemaField field : schema.fields()) {
        fields.add(
            field.name() + " " + Shape.of(field.kind()).word() + (field.wide() ? " 64" : ""));
      }
      return fields;
    }
  }

  private record Pair(Outline from, Outline to, double fields, double name) {}

  private static final Comparator<Pair> BEST_FIRST =
      Comparator.comparingDouble((Pair pair) -> -(pair.fields + pair.name))
          .thenComparing(pair -> pair.from.event)
          .thenComparing(pair -> pair.to.event);

  /// The new names of the removed events that may have become added ones.
  public static Map<EventName, EventName> find(List<Outline> removed, List<Outline> added) {
    Map<String, List<Outline>> byField = new HashMap<>();
    for (Outline outline : added) {
      for (String field : new HashSet<>(outline.fields)) {
        byField.computeIfAbsent(field, _ -> new ArrayList<>()).add(outline);
      }
    }
    List<Pair> pairs = new ArrayList<>();
    for (Outline old : removed) {
      shared(old, byField)
          .forEach((now, shared) -> {
            double fields = likeness(shared, old.fields.size(), now.fields.size());
            // Why first: names take longer.
            if (fields >= LIKE_FIELDS) {
              Pair pair = new Pair(old, now, fields, likeness(old.event, now.event));
              if (isLike(pair)) {
                pairs.add(pair);
              }
            }
          });
    }
    pairs.sort(BEST_FIRST);
    Map<EventName, EventName> renames = new TreeMap<>();
    Set<EventName> taken = new HashSet<>();
    for (Pair pair : pairs) {
      if (!renames.containsKey(pair.from.event) && taken.add(pair.to.event)) {
        renames.put(pair.from.event, pair.to.event);
      }
    }
    return renames;
  }

  /// How many fields of `old` each added event has.
  private static Map<Outline, Integer> shared(Outline old, Map<String, List<Outline>> byField) {
    // Why by identity: hashing an outline hashes its fields.
    Map<Outline, Integer> shared = new IdentityHashMap<>();
    for (String field : new HashSet<>(old.fields)) {
      List<Outline> having = byField.getOrDefault(field, List.of());
      if (having.size() <= COMMON_PLACE) {
        having.forEach(outline -> shared.merge(outline, 1, Integer::sum));
      }
    }
    return shared;
  }

  private static boolean isLike(Pair pair) {
    boolean same = pair.fields == 1 && pair.from.fields.size() >= MANY;
    return pair.fields >= LIKE_FIELDS && pair.name >= (same ? LIKE_NAME_OF_MANY : LIKE_NAME);
  }

  private static double likeness(EventName old, EventName now) {
    String from = old.name();
    String to = now.name();
    int prefix = prefix(from, to);
    List<String> letters = letters(from, prefix);
    List<String> left = letters(to, prefix);
    int total = left.size();
    int shared = 0;
    for (String pair : letters) {
      shared += left.remove(pair) ? 1 : 0;
    }
    return likeness(shared, letters.size(), total);
  }

  /// How much two lists share: 0 for nothing, 1 for all of both.
  private static double likeness(int shared, int ofOne, int ofOther) {
    return shared == 0 ? 0 : 2.0 * shared / (ofOne + ofOther);
  }

  /// How long the first word is that both names begin with: `ext4_`, which is no likeness, because
  /// all events of the system have it. 0 where nothing follows it.
  private static int prefix(String from, String to) {
    int end = from.indexOf('_') + 1;
    return to.startsWith(from.substring(0, end)) && end < Math.min(from.length(), to.length())
        ? end
        : 0;
  }

  /// The neighbouring letters of a name, from `start` on.
  private static List<String> letters(String name, int start) {
    List<String> pairs = new ArrayList<>();
    for (int i = start + 1; i < name.length(); i++) {
      pairs.add(name.substring(i - 1, i + 1));
    }
    return pairs;
  }
}
