package dev.tracery.registry.index;

import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry.Kernel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/// A registered kernel. Compared by identity.
public final class KernelEntry {

  private record Membership(String series, long revision) {}

  private record Typed(TypesEntry types, long revision) {}

  private final String id;
  private final KernelIdentity identity;
  private final Sha256 fingerprint;
  private final SystemEntry[] systems;
  private final int[] firstIds;
  private final int eventCount;
  private final long revision;
  private final long timeMillis;
  private final Appended<Membership> memberships = new Appended<>();
  private volatile @Nullable Typed typed;

  /// @param systems in the order of their names
  /// @param firstIds the smallest id of each
  KernelEntry(
      String id,
      KernelIdentity identity,
      Sha256 fingerprint,
      SystemEntry[] systems,
      int[] firstIds,
      long revision,
      long timeMillis) {
    this.id = id;
    this.identity = identity;
    this.fingerprint = fingerprint;
    this.systems = systems;
    this.firstIds = firstIds;
    this.revision = revision;
    this.timeMillis = timeMillis;
    int events = 0;
    for (SystemEntry system : systems) {
      events += system.size();
    }
    this.eventCount = events;
  }

  public String id() {
    return id;
  }

  public KernelIdentity identity() {
    return identity;
  }

  public Sha256 fingerprint() {
    return fingerprint;
  }

  /// The revision at which it was registered.
  public long revision() {
    return revision;
  }

  public int systemCount() {
    return systems.length;
  }

  /// The system at this place in the order of names.
  public SystemEntry system(int index) {
    return systems[index];
  }

  /// The smallest id of the system at this place.
  public int firstId(int index) {
    return firstIds[index];
  }

  /// The layout of an event.
  public Optional<LayoutEntry> layout(EventName event) {
    return system(event.system()).flatMap(system -> system.find(event.name()));
  }

  /// The system with this name.
  public Optional<SystemEntry> system(String name) {
    int index = firstNotBefore(name);
    return index < systems.length && systems[index].system().equals(name)
        ? Optional.of(systems[index])
        : Optional.empty();
  }

  /// The place of the first system whose name is `system` or greater.
  public int firstNotBefore(String system) {
    int low = 0;
    int high = systems.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (systems[middle].system().compareTo(system) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// How many events it has.
  public int eventCount() {
    return eventCount;
  }

  /// Whether it was in a series at `revision`.
  public boolean isIn(String series, long atRevision) {
    return seriesAt(atRevision).contains(series);
  }

  /// The kernel as it was at `revision`.
  public Kernel at(long atRevision) {
    return new Kernel(
        id,
        identity,
        fingerprint,
        seriesAt(atRevision),
        eventCount,
        systems.length,
        revision,
        Instant.ofEpochMilli(timeMillis),
        types(atRevision).map(TypesEntry::hash));
  }

  /// What its BTF says, if that was known at `revision`.
  public Optional<TypesEntry> types(long atRevision) {
    Typed known = typed;
    return known != null && known.revision() <= atRevision
        ? Optional.of(known.types())
        : Optional.empty();
  }

  /// This kernel in no series, with what its BTF says, as it would be after `atRevision`.
  public KernelEntry with(TypesEntry types, long atRevision) {
    KernelEntry typedKernel =
        new KernelEntry(id, identity, fingerprint, systems, firstIds, revision, timeMillis);
    typedKernel.give(types, atRevision);
    return typedKernel;
  }

  private List<String> seriesAt(long atRevision) {
    List<String> series = new ArrayList<>();
    for (int i = 0; i < memberships.size(); i++) {
      Membership membership = memberships.get(i);
      if (membership.revision() <= atRevision) {
        series.add(membership.series());
      }
    }
    return List.copyOf(series);
  }

  /// The revision at which its types came to be known, -1 if they are not.
  long typesRevision() {
    Typed known = typed;
    return known == null ? -1 : known.revision();
  }

  /// Each series that it is in, with the revision at which it joined, in that order.
  void eachMembership(ObjLongConsumer<String> action) {
    for (int i = 0; i < memberships.size(); i++) {
      action.accept(memberships.get(i).series(), memberships.get(i).revision());
    }
  }

  void give(TypesEntry types, long atRevision) {
    typed = new Typed(types, atRevision);
  }

  void join(String series, long atRevision) {
    memberships.add(new Membership(series, atRevision));
  }
}
