package dev.tracery.registry.core;

import dev.tracery.model.KernelIdentity;
import dev.tracery.registry.index.Index;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A kernel that is to be registered, with what is known of it once and for all: a plan that is
/// made again, because the log has grown meanwhile, then costs little. Not thread-safe.
final class PendingKernel {

  /// No place in the log yet.
  static final int NOWHERE = -1;

  private final KernelIdentity identity;
  private final Optional<String> series;
  private final Optional<GivenTypes> types;
  private final List<PendingEvent> events;
  private final List<GivenSystem> systems;
  private boolean unique;
  private @Nullable Manifest manifest;
  private @Nullable Index placesOf;
  private int[] places = {};

  /// @param series to append it to
  /// @param events in any order; copied
  /// @param systems whose events were not listed, in any order; copied
  /// @param types what its BTF says
  PendingKernel(
      KernelIdentity identity,
      Optional<String> series,
      List<PendingEvent> events,
      List<GivenSystem> systems,
      Optional<GivenTypes> types) {
    this.identity = identity;
    this.series = series;
    this.types = types;
    List<PendingEvent> sorted = new ArrayList<>(events);
    sorted.sort(Comparator.comparing(PendingEvent::event));
    this.events = List.copyOf(sorted);
    this.systems = systems.stream().sorted(Comparator.comparing(GivenSystem::name)).toList();
  }

  KernelIdentity identity() {
    return identity;
  }

  Optional<String> series() {
    return series;
  }

  Optional<GivenTypes> types() {
    return types;
  }

  /// Those that were listed, in the order of their names.
  List<PendingEvent> events() {
    return events;
  }

  /// Those whose events were not listed, in the order of their names.
  List<GivenSystem> systems() {
    return systems;
  }

  /// How many events it has, listed or not.
  int eventCount() {
    return events.size() + systems.stream().mapToInt(system -> system.entry().size()).sum();
  }

  /// Finds what is given twice.
  void checkUnique(Findings findings) {
    if (!unique) {
      new Uniqueness(this, findings).check();
      unique = findings.errorCount() == 0;
    }
  }

  Manifest manifest() {
    Manifest made = manifest;
    if (made == null) {
      made = Manifest.of(identity, events, systems);
      manifest = made;
    }
    return made;
  }

  /// Where the listed events' layouts are in the log, as far as that was found, to be completed:
  /// what has a place there keeps it.
  int[] places(Index index) {
    if (placesOf != index) {
      placesOf = index;
      places = new int[events.size()];
      Arrays.fill(places, NOWHERE);
    }
    return places;
  }
}
