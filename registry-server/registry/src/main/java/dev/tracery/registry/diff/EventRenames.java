package dev.tracery.registry.diff;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
  private static final int COMMON_PLACE = 200;

  private EventRenames() {}

  /// What is compared of an event.
  ///
  /// @param fields one text for each of its own fields: name, what it holds, size
  public record Outline(EventName event, List<String> fields) {

    public Outline {
      fields = List.copyOf(fields);
    }

    /// The outline of an event with this layout.
    public static Outline of(EventName event, Layout layout) {
      List<String> fields = new ArrayList<>(layout.fields().size());
      for (Field field : layout.fields()) {
        fields.add(field.name() + " " + Shape.of(field.kind()).word() + " " + field.elementSize());
      }
      return new Outline(event, fields);
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
      for (String field : Set.copyOf(outline.fields)) {
        byField.computeIfAbsent(field, _ -> new ArrayList<>()).add(outline);
      }
    }
    List<Pair> pairs = new ArrayList<>();
    for (Outline old : removed) {
      Set<Outline> candidates = new HashSet<>();
      for (String field : old.fields) {
        List<Outline> having = byField.getOrDefault(field, List.of());
        if (having.size() <= COMMON_PLACE) {
          candidates.addAll(having);
        }
      }
      for (Outline candidate : candidates) {
        Pair pair = pair(old, candidate);
        if (isLike(pair)) {
          pairs.add(pair);
        }
      }
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

  private static boolean isLike(Pair pair) {
    boolean same = pair.fields == 1 && pair.from.fields.size() >= MANY;
    return pair.fields >= LIKE_FIELDS && pair.name >= (same ? LIKE_NAME_OF_MANY : LIKE_NAME);
  }

  private static Pair pair(Outline old, Outline now) {
    String from = old.event.name();
    String to = now.event.name();
    int prefix = prefix(from, to);
    return new Pair(
        old,
        now,
        likeness(old.fields, now.fields),
        likeness(letters(from.substring(prefix)), letters(to.substring(prefix))));
  }

  /// How long the first word is that both names begin with: `ext4_`, which is no likeness, because
  /// all events of the system have it. 0 where nothing follows it.
  private static int prefix(String from, String to) {
    int end = from.indexOf('_') + 1;
    return to.startsWith(from.substring(0, end)) && end < Math.min(from.length(), to.length())
        ? end
        : 0;
  }

  /// The neighbouring letters of a name.
  private static List<String> letters(String name) {
    List<String> pairs = new ArrayList<>();
    for (int i = 1; i < name.length(); i++) {
      pairs.add(name.substring(i - 1, i + 1));
    }
    return pairs;
  }

  /// How much two lists share, whatever the order: 0 for nothing, 1 for all of both.
  private static double likeness(List<String> one, List<String> other) {
    List<String> left = new ArrayList<>(other);
    int shared = 0;
    for (String each : one) {
      shared += left.remove(each) ? 1 : 0;
    }
    return one.isEmpty() || other.isEmpty() ? 0 : 2.0 * shared / (one.size() + other.size());
  }
}
