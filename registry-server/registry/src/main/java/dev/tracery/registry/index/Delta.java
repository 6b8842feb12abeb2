package dev.tracery.registry.index;

import dev.tracery.registry.claims.ClaimDelta;
import dev.tracery.registry.ruling.RulingDelta;
import java.util.List;
import java.util.Optional;

/// What one commit adds to an index: checked against it, and not yet in it.
///
/// @param memberships every joining of a series, of the new kernels, too
/// @param learned whether the layouts came with a negotiation
public record Delta(
    long revision,
    long timeMillis,
    List<EventEntry> newEvents,
    List<VersionEntry> versions,
    List<LayoutEntry> layouts,
    List<SystemEntry> systems,
    List<KernelEntry> kernels,
    List<RevisionEntry.Join> memberships,
    RulingDelta rulings,
    TypesDelta types,
    boolean learned,
    ClaimDelta claims,
    List<TranslatorStep> translators) {

  /// The BTF that a kernel that was there before comes to have.
  public Optional<TypesEntry> typesOf(KernelEntry kernel) {
    return types.given().stream()
        .filter(given -> given.kernel() == kernel)
        .map(TypesDelta.Given::types)
        .findFirst();
  }

  RevisionEntry toRevisionEntry() {
    return new RevisionEntry(
        revision,
        timeMillis,
        List.copyOf(versions),
        List.copyOf(kernels),
        memberships.stream().filter(join -> !kernels.contains(join.kernel())).toList(),
        rulings,
        types.given().stream().map(TypesDelta.Given::kernel).toList(),
        learned ? List.copyOf(layouts) : List.of(),
        claims.toChanges(),
        translators);
  }
}
