package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.consumer.Consumer;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.Mode;
import dev.tracery.registry.Compatibility.Report;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.Consumers.Claim;
import dev.tracery.registry.Consumers.Origin;
import dev.tracery.registry.Consumers.State;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.diff.EventChanges;
import dev.tracery.registry.diff.EventRenames;
import dev.tracery.registry.diff.EventRenames.Outline;
import dev.tracery.registry.diff.KernelChanges;
import dev.tracery.registry.diff.KernelChanges.OtherId;
import dev.tracery.registry.diff.KernelChanges.OtherIds;
import dev.tracery.registry.diff.LayoutDiff;
import dev.tracery.registry.diff.LayoutDiffer;
import dev.tracery.registry.diff.TypesDiff;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Judges kernels of a few layouts.
final class TestKernels {

  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  private TestKernels() {}

  /// What differs, as the registry's differ would say it.
  static KernelChanges diff(FakeKernel from, FakeKernel to) {
    Set<EventName> names = new TreeSet<>(from.layouts.keySet());
    names.addAll(to.layouts.keySet());
    List<EventChanges> events = new ArrayList<>();
    List<OtherId> otherIds = new ArrayList<>();
    Set<Change> common = new LinkedHashSet<>();
    Map<EventName, EventName> renames = EventRenames.find(outlines(from, to), outlines(to, from));
    int unchanged = 0;
    for (EventName name : names) {
      Layout before = from.layouts.get(name);
      Layout after = to.layouts.get(name);
      List<Change> changes = new ArrayList<>();
      LayoutDiff diff = LayoutDiff.NONE;
      if (before == null) {
        changes.add(new Change(ChangeKind.EVENT_ADDED, "", 0, "", name.toString()));
      } else if (after == null) {
        changes.add(new Change(ChangeKind.EVENT_REMOVED, "", 0, name.toString(), ""));
        EventName renamed = renames.get(name);
        if (renamed != null) {
          changes.add(
              new Change(ChangeKind.EVENT_RENAMED, "", 0, name.toString(), renamed.toString()));
        }
      } else {
        diff = new LayoutDiffer().diff(before, after);
        common.addAll(diff.common());
        changes.addAll(diff.own());
        changes.addAll(types(name, from, to));
        if (from.id(name) != to.id(name)) {
          otherIds.add(new OtherId(name, from.id(name), to.id(name)));
        }
      }
      if (changes.isEmpty()) {
        unchanged++;
      } else {
        events.add(
            new EventChanges(name, before == null ? 0 : 1, after == null ? 0 : 1, changes, diff));
      }
    }
    return new KernelChanges(
        events,
        unchanged,
        new OtherIds(
            otherIds.size(), otherIds.subList(0, Math.min(otherIds.size(), OtherIds.MAX_LISTED))),
        List.copyOf(common),
        TypesDiff.NONE);
  }

  private static List<Change> types(EventName name, FakeKernel from, FakeKernel to) {
    List<Change> changes = new ArrayList<>();
    if (from.hasTypes() && to.hasTypes()) {
      if (!from.parameters(name.name()).equals(to.parameters(name.name()))) {
        changes.add(new Change(ChangeKind.PARAMETERS, "", 0, "before", "after"));
      }
      String struct = "trace_event_raw_" + name.name();
      if (from.struct(struct).isPresent() && to.struct(struct).isEmpty()) {
        changes.add(new Change(ChangeKind.STRUCT, "", 0, "before", "after"));
      }
    }
    return changes;
  }

  private static List<Outline> outlines(FakeKernel kernel, FakeKernel without) {
    return kernel.layouts.entrySet().stream()
        .filter(entry -> !without.layouts.containsKey(entry.getKey()))
        .map(entry ->
            new Outline(
                entry.getKey(),
                entry.getValue().fields().stream().map(field -> field.declaration()).toList()))
        .toList();
  }

  static Report judge(FakeKernel before, FakeKernel after, List<Claim> claims) {
    return judge(before, after, claims, _ -> Stability.INTERNAL, List.of());
  }

  static Report judge(
      FakeKernel before,
      FakeKernel after,
      List<Claim> claims,
      Function<EventName, Stability> stability,
      List<Waiver> waivers) {
    return new Judge(new RequirementEvaluator())
        .judge(candidacy(before, after, ClaimIndex.of(claims), stability, waivers));
  }

  static Candidacy candidacy(
      FakeKernel before,
      FakeKernel after,
      ClaimIndex claims,
      Function<EventName, Stability> stability,
      List<Waiver> waivers) {
    return new Candidacy(
        "stable",
        Mode.ENFORCE,
        Optional.of(new Candidacy.Predecessor(kernel(before), before, diff(before, after))),
        kernel(after),
        after,
        claims,
        stability,
        waivers,
        7,
        TIME);
  }

  static Kernel kernel(FakeKernel kernel) {
    KernelIdentity identity = kernel.identity();
    return new Kernel(
        kernel.id(),
        identity,
        Sha256.of(new byte[0]),
        List.of("stable"),
        kernel.layouts.size(),
        1,
        1,
        TIME,
        Optional.empty());
  }

  /// A declared claim.
  static Claim claim(String tool, String... requirements) {
    return claim(tool, "1.0", Origin.DECLARED, requirements);
  }

  static Claim claim(String tool, String version, Origin origin, String... requirements) {
    return new Claim(
        new Consumer(
            tool, version, "", List.of(requirements).stream().map(TestUses::requirement).toList()),
        origin,
        State.LIVE,
        TIME,
        Optional.empty(),
        Optional.empty(),
        1,
        "");
  }

  /// The name of a field as a member of the event's struct.
  static String member(dev.tracery.compiler.layout.Field field) {
    return (field.placement() == Placement.DATA_LOC
            ? "__data_loc_"
            : field.placement() == Placement.REL_LOC ? "__rel_loc_" : "")
        + field.name();
  }
}
