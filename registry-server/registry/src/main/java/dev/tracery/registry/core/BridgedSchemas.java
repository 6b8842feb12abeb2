package dev.tracery.registry.core;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.Evolution;
import dev.tracery.compiler.lineage.Lineage;
import dev.tracery.compiler.lineage.LineageEvolver;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.EventName;
import dev.tracery.registry.bridge.BridgeTable;
import dev.tracery.registry.bridge.BridgedLayout;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.SchemaCodec;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.SchemaVersionAdded;
import java.util.Collection;
import java.util.Optional;

/// The schema versions of layouts that bridges add fields to. Such a version has what the layout
/// has and everything that is filled, so one is enough for all tools; it is in the log before
/// anybody is told of it, as every other is.
///
/// @param table the bridges
record BridgedSchemas(BridgeTable table, StoredLayouts stored) {

  private static final LineageEvolver EVOLVER = new LineageEvolver();

  /// Whether some bridge speaks of an event.
  boolean concern(EventName event) {
    return !table.of(event).isEmpty();
  }

  /// What bridges fill of a layout.
  BridgedLayout of(LayoutEntry layout, long revision) {
    return BridgedLayout.of(
        table.of(layout.event().name()), stored.layout(layout.hash()), lineage(layout, revision));
  }

  /// The version that a layout's records become with `bridged`; empty if it is not in the log yet.
  Optional<SchemaVersion> version(LayoutEntry layout, BridgedLayout bridged, long revision) {
    return Optional.of(evolution(layout, bridged, revision))
        .filter(evolution -> !evolution.isNew())
        .map(Evolution::version);
  }

  /// Adds the versions that these layouts lack.
  LogPlan plan(Index index, Collection<LayoutEntry> layouts) {
    long revision = index.head().revision();
    Commit.Builder commit = Commit.newBuilder();
    for (LayoutEntry layout : layouts) {
      Evolution evolution = evolution(layout, of(layout, revision), revision);
      if (evolution.isNew()) {
        SchemaVersion version = evolution.version();
        commit.addEntries(
            Entry.newBuilder()
                .setSchemaVersionAdded(
                    SchemaVersionAdded.newBuilder()
                        .setEvent(layout.event().text())
                        .setVersion(version.version())
                        .setMessageName(version.messageName())
                        .setContent(SchemaCodec.write(version).toByteString())));
      }
    }
    return new LogPlan.Entries(index, revision, commit.build());
  }

  private Evolution evolution(LayoutEntry layout, BridgedLayout bridged, long revision) {
    Layout compiled = stored.layout(layout.hash());
    return EVOLVER.evolve(lineage(layout, revision), compiled, bridged.fields());
  }

  private static Lineage lineage(LayoutEntry layout, long revision) {
    return new Lineage(layout.event().versions(revision).stream().map(SchemaCodec::read).toList());
  }
}
