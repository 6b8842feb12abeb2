package dev.tracery.registry.bridge;

import dev.tracery.compiler.emit.BridgePlanner;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.Lineage;
import dev.tracery.compiler.lineage.LineageEvolver;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.registry.policy.BridgeFit;
import dev.tracery.translator.BridgedField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What bridges fill of one layout, and what they would and cannot.
public final class BridgedLayout {

  private record Filled(BridgeTable.Entry entry, SchemaField target) {}

  private static final BridgePlanner PLANNER = new BridgePlanner();
  private static final LineageEvolver EVOLVER = new LineageEvolver();

  private final Map<String, Filled> filled = new LinkedHashMap<>();
  private final Map<String, String> obstacles = new LinkedHashMap<>();

  private BridgedLayout() {}

  /// What of `entries` fits.
  ///
  /// @param entries of the layout's event, the one to be preferred first
  /// @param lineage the event's: only a field that it has has a kind and a number
  public static BridgedLayout of(List<BridgeTable.Entry> entries, Layout layout, Lineage lineage) {
    BridgedLayout bridged = new BridgedLayout();
    for (BridgeTable.Entry entry : entries) {
      String name = entry.field().name();
      boolean isThere = layout.fields().stream().anyMatch(field -> field.name().equals(name));
      if (!isThere && !bridged.filled.containsKey(name)) {
        bridged.fit(entry, layout, EVOLVER.known(lineage, name));
      }
    }
    return bridged;
  }

  private void fit(BridgeTable.Entry entry, Layout layout, List<SchemaField> targets) {
    String name = entry.field().name();
    if (targets.isEmpty()) {
      obstacles.putIfAbsent(
          name, obstacle(entry, "no kernel that the registry knows has a field " + name));
    }
    for (SchemaField target : targets) {
      String problem = PLANNER.obstacle(entry.field(), layout, target);
      if (problem == null) {
        filled.put(name, new Filled(entry, target));
        return;
      }
      obstacles.putIfAbsent(name, obstacle(entry, problem));
    }
  }

  private static String obstacle(BridgeTable.Entry entry, String problem) {
    return entry.bundle() + " would fill it, but " + problem;
  }

  /// The fields of the lineage that are filled.
  public List<SchemaField> fields() {
    return filled.values().stream().map(Filled::target).toList();
  }

  /// What fills them.
  public List<BridgedField> bridges() {
    return filled.values().stream().map(field -> field.entry.field()).toList();
  }

  /// How it stands with a field that the layout does not have; empty if no bridge speaks of it.
  public Optional<BridgeFit> fit(String name) {
    Filled found = filled.get(name);
    if (found != null) {
      return Optional.of(
          new BridgeFit(
              true,
              "bridged from " + found.entry.field().formula() + " by " + found.entry.bundle()));
    }
    return Optional.ofNullable(obstacles.get(name)).map(text -> new BridgeFit(false, text));
  }
}
