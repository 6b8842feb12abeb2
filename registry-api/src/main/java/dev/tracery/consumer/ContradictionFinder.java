package dev.tracery.consumer;

import dev.tracery.model.EventName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds what a consumer says twice, or says and denies. Uses that are alternatives may overlap,
/// and so may a use and its alternative elsewhere; a field that is needed in one way is needed
/// once.
final class ContradictionFinder {

  private record Key(@Nullable EventName event, AccessClass access, String structName) {}

  private record Named(Key key, String name, int occurrence) {}

  private final String path;
  private final Problems problems;
  private final Map<Requirement, Integer> requirements = new HashMap<>();
  private final Map<Named, Integer> fields = new HashMap<>();
  private final Map<Key, Integer> positional = new HashMap<>();
  private @Nullable EventUse pinned;

  private ContradictionFinder(String path, Problems problems) {
    this.path = path;
    this.problems = problems;
  }

  /// Adds what is contradictory in `consumer`, which is otherwise well-formed.
  static void find(String path, Consumer consumer, Problems problems) {
    ContradictionFinder finder = new ContradictionFinder(path + ".requirements[", problems);
    for (int i = 0; i < consumer.requirements().size(); i++) {
      finder.check(i, consumer.requirements().get(i));
    }
  }

  private void check(int index, Requirement requirement) {
    String at = path + index + "]";
    Set<EventUse> uses = new HashSet<>();
    List<EventUse> anyOf = requirement.anyOf();
    for (int i = 0; i < anyOf.size(); i++) {
      if (!uses.add(anyOf.get(i))) {
        problems.add(at + ".any_of[" + i + "]", "is listed twice among the alternatives");
      }
    }
    Integer same = requirements.putIfAbsent(requirement, index);
    if (same != null) {
      problems.add(at, "says the same as " + path + same + "]");
    } else if (anyOf.size() == 1) {
      check(index, requirement.optional(), anyOf.getFirst());
    }
  }

  private void check(int index, boolean optional, EventUse use) {
    String at = path + index + "].any_of[0]";
    Key key = new Key(use.event(), use.access(), use.structName());
    switch (use.access()) {
      case POSITIONAL -> {
        Integer other = positional.putIfAbsent(key, index);
        if (other != null) {
          problems.add(
              at + ".fields",
              "the fields of "
                  + use.event()
                  + " are in the order of "
                  + path
                  + other
                  + "] already");
        }
      }
      case BY_NAME, BY_OFFSET, BTF_STRUCT -> checkFields(index, at, key, use.fields());
      case PINNED_KERNEL -> {
        if (!optional) {
          if (pinned != null && !pinned.kernel().equals(use.kernel())) {
            problems.add(
                at + ".kernel",
                "the tool is built for "
                    + Problems.quoted(pinned.kernel())
                    + " already; list kernels as alternatives of one requirement");
          }
          pinned = use;
        }
      }
      case PRINT_TEXT, RAW_ARGS -> {}
    }
  }

  private void checkFields(int index, String at, Key key, List<FieldUse> uses) {
    for (int i = 0; i < uses.size(); i++) {
      FieldUse use = uses.get(i);
      if (use.names().size() != 1) {
        continue;
      }
      Named named = new Named(key, use.names().getFirst(), use.occurrence());
      Integer other = fields.putIfAbsent(named, index);
      if (other != null) {
        problems.add(
            at + ".fields[" + i + "].names[0]",
            Problems.quoted(named.name()) + " is listed twice; " + path + other + "] has it, too");
      }
    }
  }
}
