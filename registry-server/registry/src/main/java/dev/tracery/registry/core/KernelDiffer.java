package dev.tracery.registry.core;

import dev.tracery.model.EventName;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.diff.EventChanges;
import dev.tracery.registry.diff.EventRenames;
import dev.tracery.registry.diff.EventRenames.Outline;
import dev.tracery.registry.diff.KernelChanges;
import dev.tracery.registry.diff.KernelChanges.OtherId;
import dev.tracery.registry.diff.LayoutDiff;
import dev.tracery.registry.diff.LayoutDiffer;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.SystemEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares two kernels event by event. Reads only the layouts that differ. The kernels need not be
/// registered, as long as the layouts can be had.
final class KernelDiffer {

  private final StoredLayouts stored;
  private final LayoutDiffer differ = new LayoutDiffer();

  KernelDiffer(StoredLayouts stored) {
    this.stored = stored;
  }

  /// What is in `to` other than in `from`.
  KernelChanges diff(KernelEntry from, KernelEntry to) {
    return diff(from, to, Glob.of(""));
  }

  /// What is in `to` other than in `from`, of the events that match.
  KernelChanges diff(KernelEntry from, KernelEntry to, Glob filter) {
    Comparison comparison = new Comparison(filter);
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
        comparison.removed(from.system(f++));
      } else if (order > 0) {
        comparison.added(to.system(t++));
      } else {
        comparison.system(from.system(f), from.firstId(f), to.system(t), to.firstId(t));
        f++;
        t++;
      }
    }
    return comparison.changes();
  }

  private final class Comparison {
    private final Glob filter;
    private final List<EventChanges> events = new ArrayList<>();
    private final List<LayoutEntry> removed = new ArrayList<>();
    // Whether they match or not: what was removed may have become any of them.
    private final List<LayoutEntry> added = new ArrayList<>();
    private final List<OtherId> otherIds = new ArrayList<>();
    private final Set<Change> common = new LinkedHashSet<>();
    private int unchanged;

    Comparison(Glob filter) {
      this.filter = filter;
    }

    void removed(SystemEntry system) {
      for (int i = 0; i < system.size(); i++) {
        removed(system.layout(i));
      }
    }

    void added(SystemEntry system) {
      for (int i = 0; i < system.size(); i++) {
        added(system.layout(i));
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
          removed(from.layout(f++));
        } else if (order > 0) {
          added(to.layout(t++));
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

    private void removed(LayoutEntry layout) {
      if (matches(layout)) {
        removed.add(layout);
      }
    }

    private void added(LayoutEntry layout) {
      added.add(layout);
      if (matches(layout)) {
        EventName name = name(layout);
        events.add(
            new EventChanges(
                name,
                0,
                layout.version().number(),
                List.of(new Change(ChangeKind.EVENT_ADDED, "", 0, "", name.toString())),
                LayoutDiff.NONE));
      }
    }

    private void both(LayoutEntry from, int fromId, LayoutEntry to, int toId) {
      if (!matches(from)) {
        return;
      }
      if (fromId != toId) {
        otherIds.add(new OtherId(name(from), fromId, toId));
      }
      LayoutDiff diff =
          from.hash().equals(to.hash())
              ? LayoutDiff.NONE
              : differ.diff(stored.layout(from.hash()), stored.layout(to.hash()));
      common.addAll(diff.common());
      if (diff.own().isEmpty()) {
        unchanged++;
      } else {
        events.add(
            new EventChanges(
                name(from), from.version().number(), to.version().number(), diff.own(), diff));
      }
    }

    KernelChanges changes() {
      Map<EventName, EventName> renames =
          removed.isEmpty() || added.isEmpty()
              ? Map.of()
              : EventRenames.find(outlines(removed), outlines(added));
      for (LayoutEntry layout : removed) {
        EventName name = name(layout);
        List<Change> changes = new ArrayList<>();
        changes.add(new Change(ChangeKind.EVENT_REMOVED, "", 0, name.toString(), ""));
        EventName renamed = renames.get(name);
        if (renamed != null) {
          changes.add(
              new Change(ChangeKind.EVENT_RENAMED, "", 0, name.toString(), renamed.toString()));
        }
        events.add(new EventChanges(name, layout.version().number(), 0, changes, LayoutDiff.NONE));
      }
      events.sort((one, other) -> one.event().compareTo(other.event()));
      return new KernelChanges(events, unchanged, otherIds, List.copyOf(common));
    }

    private List<Outline> outlines(List<LayoutEntry> layouts) {
      List<Outline> outlines = new ArrayList<>();
      for (LayoutEntry layout : layouts) {
        outlines.add(Outline.of(name(layout), stored.layout(layout.hash())));
      }
      return outlines;
    }

    private boolean matches(LayoutEntry layout) {
      return filter.matchesAll() || filter.matches(layout.event().text());
    }
  }

  private static EventName name(LayoutEntry layout) {
    return layout.event().name();
  }
}
