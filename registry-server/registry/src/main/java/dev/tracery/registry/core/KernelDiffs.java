package dev.tracery.registry.core;

import dev.tracery.model.Glob;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.Registry.EventDiff;
import dev.tracery.registry.Registry.KernelDiff;
import dev.tracery.registry.diff.EventChanges;
import dev.tracery.registry.diff.KernelChanges;
import dev.tracery.registry.diff.KernelChanges.OtherId;
import dev.tracery.registry.diff.TypeChanges;
import dev.tracery.registry.diff.TypesDiff;
import dev.tracery.registry.index.KernelEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Answers what differs between two registered kernels.
final class KernelDiffs {

  private final KernelDiffer differ;

  KernelDiffs(KernelDiffer differ) {
    this.differ = differ;
  }

  /// What is in `to` other than in `from`, of the events that match. Another id alone is a change
  /// only where the filter names the event: module ids differ from boot to boot.
  KernelDiff diff(KernelEntry from, KernelEntry to, Glob filter, long revision) {
    KernelChanges changes = differ.diff(from, to, filter, revision);
    List<EventDiff> events = new ArrayList<>(changes.events().size());
    for (EventChanges event : changes.events()) {
      events.add(
          new EventDiff(
              event.event(), event.changes(), event.fromVersion(), event.toVersion(), revision));
    }
    int unchanged = changes.unchanged();
    if (filter.isName() && events.isEmpty() && changes.otherIds().count() > 0) {
      unchanged--;
      events.add(id(changes.otherIds().first().getFirst(), from, to, revision));
    }
    List<Change> common = new ArrayList<>(changes.common());
    common.addAll(structs(changes.types(), filter, from, to));
    return new KernelDiff(events, unchanged, common, revision);
  }

  /// The structs of classes of which no event has the name: which events they are of, BTF does not
  /// say.
  private static List<Change> structs(
      TypesDiff types, Glob filter, KernelEntry from, KernelEntry to) {
    if (types.structs().isEmpty() || !filter.matchesAll()) {
      return List.of();
    }
    Set<String> names = new HashSet<>();
    for (KernelEntry kernel : List.of(from, to)) {
      for (int s = 0; s < kernel.systemCount(); s++) {
        for (int i = 0; i < kernel.system(s).size(); i++) {
          names.add(TypeChanges.STRUCT_PREFIX + kernel.system(s).layout(i).event().name().name());
        }
      }
    }
    return types.structs().stream()
        .filter(change -> !names.contains(change.struct()))
        .map(TypeChanges::of)
        .toList();
  }

  private static EventDiff id(OtherId other, KernelEntry from, KernelEntry to, long revision) {
    return new EventDiff(
        other.event(),
        List.of(new Change(ChangeKind.EVENT_ID, "", 0, "id " + other.from(), "id " + other.to())),
        from.layout(other.event()).orElseThrow().version().number(),
        to.layout(other.event()).orElseThrow().version().number(),
        revision);
  }
}
