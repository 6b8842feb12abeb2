package dev.tracery.registry.core;

import dev.tracery.model.EventName;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.Registry.EventDiff;
import dev.tracery.registry.Registry.KernelDiff;
import dev.tracery.registry.diff.LayoutDiff;
import dev.tracery.registry.diff.LayoutDiffer;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.SystemEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Compares two kernels event by event. Reads only the layouts that differ.
final class KernelDiffer {

  private final StoredLayouts stored;
  private final LayoutDiffer differ = new LayoutDiffer();

  KernelDiffer(StoredLayouts stored) {
    this.stored = stored;
  }

  /// What is in `to` other than in `from`, of the events that match.
  KernelDiff diff(KernelEntry from, KernelEntry to, Glob filter, long revision) {
    Comparison comparison = new Comparison(filter, revision);
    int f = 0;
    int t = 0;
    while (f < from.systemCount() || t < to.systemCount()) {
      int order =
          f == from.systemCount()
              ? 1
              : t == to.systemCount()
                  ? -1
                  : from.system(f).system().compareTo(to.system(t).system());
      if (order < 0) {
        comparison.all(from.system(f++), true);
      } else if (order > 0) {
        comparison.all(to.system(t++), false);
      } else {
        comparison.system(from.system(f), from.firstId(f), to.system(t), to.firstId(t));
        f++;
        t++;
      }
    }
    return new KernelDiff(
        comparison.events, comparison.unchanged, List.copyOf(comparison.common), revision);
  }

  private final class Comparison {
    private final Glob filter;
    private final long revision;
    private final List<EventDiff> events = new ArrayList<>();
    private final Set<Change> common = new LinkedHashSet<>();
    private int unchanged;

    Comparison(Glob filter, long revision) {
      this.filter = filter;
      this.revision = revision;
    }

    void all(SystemEntry system, boolean removed) {
      for (int i = 0; i < system.size(); i++) {
        one(system.layout(i), removed);
      }
    }

    void system(SystemEntry from, int fromFirstId, SystemEntry to, int toFirstId) {
      int f = 0;
      int t = 0;
      while (f < from.size() || t < to.size()) {
        int order =
            f == from.size()
                ? 1
                : t == to.size() ? -1 : name(from.layout(f)).compareTo(name(to.layout(t)));
        if (order < 0) {
          one(from.layout(f++), true);
        } else if (order > 0) {
          one(to.layout(t++), false);
        } else {
          both(
              from.layout(f),
              fromFirstId + from.relativeId(f),
              to.layout(t),
              toFirstId + to.relativeId(t));
          f++;
          t++;
        }
      }
    }

    private void one(LayoutEntry layout, boolean removed) {
      if (!matches(layout)) {
        return;
      }
      int version = layout.version().number();
      EventName name = name(layout);
      Change change =
          removed
              ? new Change(ChangeKind.EVENT_REMOVED, "", 0, name.toString(), "")
              : new Change(ChangeKind.EVENT_ADDED, "", 0, "", name.toString());
      events.add(
          new EventDiff(
              name, List.of(change), removed ? version : 0, removed ? 0 : version, revision));
    }

    private void both(LayoutEntry from, int fromId, LayoutEntry to, int toId) {
      if (!matches(from)) {
        return;
      }
      List<Change> changes = List.of();
      if (!from.hash().equals(to.hash())) {
        LayoutDiff diff = differ.diff(stored.layout(from.hash()), stored.layout(to.hash()));
        common.addAll(diff.common());
        changes = diff.own();
      }
      if (changes.isEmpty() && fromId != toId && filter.isName()) {
        changes = List.of(new Change(ChangeKind.EVENT_ID, "", 0, "id " + fromId, "id " + toId));
      }
      if (changes.isEmpty()) {
        unchanged++;
      } else {
        events.add(
            new EventDiff(
                name(from), changes, from.version().number(), to.version().number(), revision));
      }
    }

    private boolean matches(LayoutEntry layout) {
      return filter.matchesAll() || filter.matches(layout.event().text());
    }
  }

  private static EventName name(LayoutEntry layout) {
    return layout.event().name();
  }
}
