package dev.tracery.registry.index;

import dev.tracery.registry.Registry.RegistryChange;
import dev.tracery.registry.Registry.RevisionChanges;
import dev.tracery.registry.claims.ClaimChanges;
import dev.tracery.registry.ruling.RulingDelta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What one revision changed, for those who watch.
///
/// @param versions the new schema versions
/// @param kernels those that were registered
/// @param joins those that joined a series without being registered
/// @param typed the kernels, registered before, whose BTF came to be known
/// @param learned the layouts that came with a negotiation
public record RevisionEntry(
    long revision,
    long timeMillis,
    List<VersionEntry> versions,
    List<KernelEntry> kernels,
    List<Join> joins,
    RulingDelta rulings,
    List<KernelEntry> typed,
    List<LayoutEntry> learned,
    ClaimChanges claims,
    List<TranslatorStep> translators) {

  /// A kernel that joined a series.
  public record Join(KernelEntry kernel, String series) {}

  /// The changes: schema versions first, because the kernels need them.
  ///
  /// @param lapse the time that an observed claim is not written again
  public RevisionChanges changes(Duration lapse) {
    List<RegistryChange> changes = new ArrayList<>();
    for (VersionEntry version : versions) {
      changes.add(new RegistryChange.SchemaVersionAdded(version.event().name(), version.number()));
    }
    for (KernelEntry kernel : kernels) {
      changes.add(new RegistryChange.KernelRegistered(kernel.at(revision)));
    }
    for (Join join : joins) {
      changes.add(new RegistryChange.SeriesJoined(join.kernel().id(), join.series()));
    }
    rulings.toChanges().forEach(changes::add);
    for (KernelEntry kernel : typed) {
      changes.add(new RegistryChange.TypesAdded(kernel.id()));
    }
    for (LayoutEntry layout : learned) {
      changes.add(new RegistryChange.LayoutLearned(layout.event().name(), layout.hash()));
    }
    translators.forEach(step -> changes.add(step.toChange()));
    Instant time = Instant.ofEpochMilli(timeMillis);
    claims.at(revision, time, lapse).forEach(changes::add);
    return new RevisionChanges(revision, time, changes);
  }
}
