package dev.tracery.registry.policy;

import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.EventUse;
import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.Compatibility.Unmet;
import dev.tracery.registry.policy.ClaimIndex.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Collects requirements that do not hold, or of which that is not known: one for each tool, event,
/// access and reason, however many versions of the tool have it. Not thread-safe.
final class UnmetList {

  private static final Comparator<Unmet> ORDER =
      Comparator.comparing(Unmet::event, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing((Unmet unmet) -> unmet.consumer().name())
          .thenComparing((Unmet unmet) -> unmet.consumer().version())
          .thenComparing(Unmet::access)
          .thenComparing(Unmet::reason);

  private record Key(String tool, @Nullable EventName event, AccessClass access, String reason) {}

  private final List<Unmet> list = new ArrayList<>();
  private final Set<Key> known = new HashSet<>();

  /// Adds a requirement none of whose uses holds to one of two lists.
  static void add(Entry entry, List<UseFit> fits, UnmetList unmet, UnmetList unknown) {
    for (UseFit fit : fits) {
      if (fit.outcome() == RunOutcome.UNKNOWN) {
        unknown.add(entry, fit.explanation());
        return;
      }
    }
    unmet.add(entry, fits.getFirst().explanation());
  }

  private void add(Entry entry, String reason) {
    EventUse use = entry.requirement().anyOf().getFirst();
    entry
        .holders()
        .forEach(holder -> {
          if (known.add(new Key(holder.name(), use.event(), use.access(), reason))) {
            list.add(
                new Unmet(
                    holder, use.event(), use.access(), reason, entry.requirement().optional()));
          }
        });
  }

  int size() {
    return list.size();
  }

  /// By event, then consumer.
  List<Unmet> sorted(int limit) {
    return list.stream().sorted(ORDER).limit(limit).toList();
  }
}
