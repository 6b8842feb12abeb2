package dev.tracery.registry.core;

import dev.tracery.model.EventName;
import dev.tracery.model.Glob;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.core.LayoutPairDiffer.LayoutPair;
import dev.tracery.registry.diff.EventChanges;
import dev.tracery.registry.diff.EventRenames;
import dev.tracery.registry.diff.EventRenames.Outline;
import dev.tracery.registry.diff.KernelChanges;
import dev.tracery.registry.diff.KernelChanges.OtherId;
import dev.tracery.registry.diff.KernelChanges.OtherIds;
import dev.tracery.registry.diff.LayoutDiff;
import dev.tracery.registry.diff.TypesDiff;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.SchemaCodec;
import dev.tracery.registry.index.SystemEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares two kernels event by event. Reads only the layouts that differ. The kernels need not be
/// registered, as long as the layouts can be had.
final class KernelDiffer {

  private final LayoutPairDiffer differ;
  private final DiffCache diffs;

  KernelDiffer(StoredLayouts stored) {
    this.differ = new LayoutPairDiffer(stored);
    this.diffs = stored.diffs();
  }

  /// What is in `to` other than in `from`.
  ///
  /// @throws java.util.concurrent.CancellationException if the thread is interrupted meanwhile
  KernelChanges diff(KernelEntry from, KernelEntry to) {
    return diff(from, to, Filter.glob(""), Long.MAX_VALUE);
  }

  /// What is in `to` other than in `from`, of the events that match.
  ///
  /// @param revision at which the kernels' BTF is looked at
  KernelChanges diff(KernelEntry from, KernelEntry to, Glob filter, long revision) {
    Comparison comparison = new Comparison(filter, EntryTypes.diff(from, to, revision));
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
    private final TypesDiff types;
    private final List<EventChanges> events = new ArrayList<>();
    private final List<LayoutPair> pairs = new ArrayList<>();
    private final List<LayoutEntry> removed = new ArrayList<>();
    // Whether they match or not: what was removed may have become any of them.
    private final List<LayoutEntry> added = new ArrayList<>();
    private final List<OtherId> firstOtherIds = new ArrayList<>();
    private int otherIds;
    private final Set<Change> common = new LinkedHashSet<>();
    private int unchanged;

    Comparison(Glob filter, TypesDiff types) {
      this.filter = filter;
      this.types = types;
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
      if (from.sharesLayouts(to) && filter.matchesAll() && types.equals(TypesDiff.NONE)) {
        sharing(from, fromFirstId, to, toFirstId);
        return;
      }
      int f = 0;
      int t = 0;
      while (f < from.size() || t < to.size()) {
        int order =
            f == from.size()
                ? 1
                : t == to.size()
                    ? -1
                    // Why: of two builds of a kernel nearly all layouts are the same, and looking
                    // into them costs more than all else.
                    : from.layout(f) == to.layout(t)
                        ? 0
                        : name(from.layout(f)).compareTo(name(to.layout(t)));
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

    private void otherId(LayoutEntry layout, int fromId, int toId) {
      otherIds++;
      if (firstOtherIds.size() < OtherIds.MAX_LISTED) {
        firstOtherIds.add(new OtherId(name(layout), fromId, toId));
      }
    }

    /// Only ids can differ.
    private void sharing(SystemEntry from, int fromFirstId, SystemEntry to, int toFirstId) {
      unchanged += from.size();
      if (from == to && fromFirstId == toFirstId) {
        return;
      }
      for (int i = 0; i < from.size(); i++) {
        int fromId = fromFirstId + from.relativeId(i);
        int toId = toFirstId + to.relativeId(i);
        if (fromId != toId) {
          otherId(from.layout(i), fromId, toId);
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
        otherId(from, fromId, toId);
      }
      boolean same = from == to || from.hash().equals(to.hash());
      if (same && types.of(name(from)).isEmpty()) {
        unchanged++;
      } else {
        pairs.add(new LayoutPair(from, to));
      }
    }

    private void layouts() {
      List<LayoutDiff> diffs = differ.diff(pairs);
      for (int i = 0; i < diffs.size(); i++) {
        LayoutDiff diff = diffs.get(i);
        LayoutPair pair = pairs.get(i);
        common.addAll(diff.common());
        List<Change> changes = new ArrayList<>(diff.own());
        changes.addAll(types.of(name(pair.from())));
        if (changes.isEmpty()) {
          unchanged++;
        } else {
          events.add(
              new EventChanges(
                  name(pair.from()),
                  pair.from().version().number(),
                  pair.to().version().number(),
                  changes,
                  diff));
        }
      }
    }

    KernelChanges changes() {
      layouts();
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
      return new KernelChanges(
          events, unchanged, new OtherIds(otherIds, firstOtherIds), List.copyOf(common), types);
    }

    private List<Outline> outlines(List<LayoutEntry> layouts) {
      List<Outline> outlines = new ArrayList<>();
      for (LayoutEntry layout : layouts) {
        outlines.add(
            new Outline(
                name(layout),
                diffs.outline(
                    layout.hash(), _ -> Outline.fields(SchemaCodec.read(layout.version())))));
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
