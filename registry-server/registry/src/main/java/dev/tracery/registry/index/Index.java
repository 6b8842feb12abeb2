package dev.tracery.registry.index;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.registry.claims.Claims;
import dev.tracery.registry.ruling.Rulings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/// Everything that a read needs. One thread at a time applies commits; any thread reads, and sees
/// all of a revision or nothing of it: it takes the head first and leaves out what is newer.
public final class Index {

  private record Member(KernelEntry kernel, long revision) {}

  private final Map<EventName, EventEntry> events = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<EventName, EventEntry> eventsByName =
      new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<String, EventEntry> messages = new ConcurrentSkipListMap<>();
  private final Appended<VersionEntry> versionsByOrdinal = new Appended<>();
  private final Map<Sha256, LayoutEntry[]> layouts = new ConcurrentHashMap<>();
  private final Appended<LayoutEntry> layoutsByOrdinal = new Appended<>();
  private final Map<Sha256, SystemEntry> systems = new ConcurrentHashMap<>();
  private final Appended<SystemEntry> systemsByOrdinal = new Appended<>();
  private final LayoutLists layoutLists = new LayoutLists();
  private final Appended<KernelEntry> kernels = new Appended<>();
  private final ConcurrentSkipListMap<String, KernelEntry> kernelsById =
      new ConcurrentSkipListMap<>();
  private final Map<String, KernelEntry[]> kernelsByRelease = new ConcurrentHashMap<>();
  private final Map<String, Appended<Member>> series = new ConcurrentHashMap<>();
  private final Appended<RevisionEntry> revisions = new Appended<>();
  private final Rulings rulings = new Rulings();
  private final Types types = new Types();
  private final Claims claims = new Claims();
  private final TranslatorBundles translators = new TranslatorBundles();
  // Odd while a commit is being applied.
  private volatile long stamp;
  private volatile Head head = Head.EMPTY;

  /// What has been folded.
  public Head head() {
    return head;
  }

  /// An event, if it was there at `revision`.
  public Optional<EventEntry> event(EventName name, long revision) {
    return Optional.ofNullable(events.get(name)).filter(e -> e.latest(revision).isPresent());
  }

  /// The events of all kernels, in the order of their names, those of later revisions included.
  public Collection<EventEntry> events() {
    return eventsByName.values();
  }

  /// Like [#events()], from the first name that is greater than `after`.
  public Collection<EventEntry> eventsAfter(EventName after) {
    return eventsByName.tailMap(after, false).values();
  }

  /// The event whose message has this full name.
  public Optional<EventEntry> eventOfMessage(String messageName) {
    return Optional.ofNullable(messages.get(messageName));
  }

  /// The full names of the messages that there were at `revision`, sorted.
  public List<String> messageNames(long revision) {
    return messages.entrySet().stream()
        .filter(entry -> entry.getValue().latest(revision).isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Whether any event had this layout at `revision`.
  public boolean knowsLayout(Sha256 hash, long revision) {
    LayoutEntry[] entries = layouts.get(hash);
    // The first entry is the oldest.
    return entries != null && entries[0].revision() <= revision;
  }

  /// What kernels a layout is of; empty if no event has it.
  public Optional<Target> targetOf(Sha256 layout) {
    LayoutEntry[] entries = layouts.get(layout);
    return entries == null ? Optional.empty() : Optional.ofNullable(entries[0].target());
  }

  /// The layout of an event, if the event had it at `revision`.
  public Optional<LayoutEntry> layout(EventName event, Sha256 hash, long revision) {
    LayoutEntry[] entries = layouts.get(hash);
    if (entries != null) {
      for (LayoutEntry entry : entries) {
        if (entry.revision() <= revision && entry.event().name().equals(event)) {
          return Optional.of(entry);
        }
      }
    }
    return Optional.empty();
  }

  /// The node with this hash.
  public Optional<SystemEntry> system(Sha256 hash) {
    return Optional.ofNullable(systems.get(hash));
  }

  /// A node with exactly these layouts, if there is one.
  ///
  /// @param layouts their places in the log, in the order of their events' names
  public Optional<SystemEntry> systemWith(int[] layouts) {
    return layoutLists.find(layouts);
  }

  /// The kernel with exactly this id, if it was there at `revision`.
  public Optional<KernelEntry> kernelById(String id, long revision) {
    return Optional.ofNullable(kernelsById.get(id)).filter(k -> k.revision() <= revision);
  }

  /// The kernels that were there at `revision` and whose id begins with `prefix`, at most `limit`.
  public List<KernelEntry> kernelsByPrefix(String prefix, long revision, int limit) {
    return kernelsById.tailMap(prefix, true).values().stream()
        .takeWhile(kernel -> kernel.id().startsWith(prefix))
        .filter(kernel -> kernel.revision() <= revision)
        .limit(limit)
        .toList();
  }

  /// The kernels of this release that were there at `revision`, in the order of their registration.
  public List<KernelEntry> kernelsByRelease(String release, long revision) {
    KernelEntry[] entries = kernelsByRelease.get(release);
    return entries == null
        ? List.of()
        : Arrays.stream(entries).filter(kernel -> kernel.revision() <= revision).toList();
  }

  /// Kernels in the order of their registration, or of their joining `inSeries` (empty: all).
  public List<KernelEntry> kernels(String inSeries, int from, int limit, long revision) {
    List<KernelEntry> found = new ArrayList<>();
    if (inSeries.isEmpty()) {
      for (int i = from; i < kernels.size() && found.size() < limit; i++) {
        if (kernels.get(i).revision() > revision) {
          break;
        }
        found.add(kernels.get(i));
      }
      return found;
    }
    Appended<Member> members = series.getOrDefault(inSeries, new Appended<>());
    for (int i = from; i < members.size() && found.size() < limit; i++) {
      if (members.get(i).revision() > revision) {
        break;
      }
      found.add(members.get(i).kernel());
    }
    return found;
  }

  /// The kernel before `kernel` in a series, or the latest if `kernel` is not in it or null; of
  /// those that were there at `revision`.
  public Optional<KernelEntry> before(
      @Nullable KernelEntry kernel, String inSeries, long revision) {
    Appended<Member> members = series.getOrDefault(inSeries, new Appended<>());
    // Why from the end: it is mostly asked for the latest, and a series may have many kernels.
    int i = members.size() - 1;
    if (kernel != null && kernel.isIn(inSeries, revision)) {
      while (members.get(i).kernel() != kernel) {
        i--;
      }
      i--;
    }
    while (i >= 0 && members.get(i).revision() > revision) {
      i--;
    }
    return i < 0 ? Optional.empty() : Optional.of(members.get(i).kernel());
  }

  /// Whether the series had a kernel at `revision`.
  public boolean hasSeries(String name, long revision) {
    Appended<Member> members = series.get(name);
    return members != null && members.size() > 0 && members.get(0).revision() <= revision;
  }

  /// The series whose latest kernel at `revision` has the event, sorted.
  public List<String> seriesWith(EventName event, long revision) {
    return seriesNames(revision).stream()
        .filter(name ->
            before(null, name, revision).flatMap(kernel -> kernel.layout(event)).isPresent())
        .toList();
  }

  /// The names of the series that there were at `revision`, sorted.
  public List<String> seriesNames(long revision) {
    return series.keySet().stream().filter(name -> hasSeries(name, revision)).sorted().toList();
  }

  /// Each kernel of a series, with the revision at which it joined, in that order.
  void eachMember(String inSeries, ObjLongConsumer<KernelEntry> action) {
    Appended<Member> members = series.getOrDefault(inSeries, new Appended<>());
    for (int i = 0; i < members.size(); i++) {
      action.accept(members.get(i).kernel(), members.get(i).revision());
    }
  }

  /// What kernels' BTF says.
  public Types types() {
    return types;
  }

  /// A number that is another after a commit was applied, and odd while one is. What is not known
  /// by its revision, such as how many layouts there are, belongs together where the stamp was even
  /// before and is the same after.
  public long stamp() {
    return stamp;
  }

  /// What people have ruled.
  public Rulings rulings() {
    return rulings;
  }

  /// Who depends on what.
  public Claims claims() {
    return claims;
  }

  /// Which translators people have installed.
  public TranslatorBundles translators() {
    return translators;
  }

  /// The first `limit` revisions after `afterRevision`, up to the head.
  public List<RevisionEntry> revisions(long afterRevision, int limit) {
    List<RevisionEntry> found = new ArrayList<>();
    for (long r = afterRevision + 1; r <= head.revision() && found.size() < limit; r++) {
      found.add(revisions.get(Math.toIntExact(r - 1)));
    }
    return found;
  }

  /// How many schema versions the log has added.
  public int versionCount() {
    return versionsByOrdinal.size();
  }

  VersionEntry version(int ordinal) {
    return versionsByOrdinal.get(ordinal);
  }

  /// How many layouts the log has added, whatever events they belong to.
  public int layoutCount() {
    return layoutsByOrdinal.size();
  }

  LayoutEntry layout(int ordinal) {
    return layoutsByOrdinal.get(ordinal);
  }

  /// How many nodes of manifest trees the log has added.
  public int systemCount() {
    return systemsByOrdinal.size();
  }

  SystemEntry system(int ordinal) {
    return systemsByOrdinal.get(ordinal);
  }

  /// Adds a commit, whose delta was made from this index as it is, and publishes the new head.
  public void apply(Delta delta) {
    // One thread at a time applies, so this is no race.
    long before = stamp;
    stamp = before + 1;
    delta.newEvents().forEach(this::add);
    for (VersionEntry version : delta.versions()) {
      version.event().add(version);
      versionsByOrdinal.add(version);
    }
    delta.layouts().forEach(this::add);
    for (SystemEntry system : delta.systems()) {
      systems.put(system.hash(), system);
      systemsByOrdinal.add(system);
      layoutLists.add(system);
    }
    delta.kernels().forEach(this::add);
    long revision = delta.revision();
    for (RevisionEntry.Join join : delta.memberships()) {
      join.kernel().join(join.series(), revision);
      series
          .computeIfAbsent(join.series(), _ -> new Appended<>())
          .add(new Member(join.kernel(), revision));
    }
    rulings.apply(delta.rulings());
    claims.apply(delta.claims());
    types.apply(delta.types(), revision);
    translators.apply(delta.translators());
    revisions.add(delta.toRevisionEntry());
    head =
        new Head(
            revision,
            kernels.size(),
            events.size(),
            versionsByOrdinal.size(),
            layouts.size(),
            head.learned() + (delta.learned() ? delta.layouts().size() : 0),
            head.typed() + delta.types().given().size());
    stamp = before + 2;
  }

  private void add(EventEntry event) {
    events.put(event.name(), event);
    eventsByName.put(event.name(), event);
    messages.put(event.messageName(), event);
  }

  private void add(LayoutEntry layout) {
    layouts.merge(
        layout.hash(),
        new LayoutEntry[] {layout},
        (old, added) -> {
          LayoutEntry[] all = Arrays.copyOf(old, old.length + 1);
          all[old.length] = added[0];
          return all;
        });
    layoutsByOrdinal.add(layout);
  }

  private void add(KernelEntry kernel) {
    kernels.add(kernel);
    kernelsById.put(kernel.id(), kernel);
    kernelsByRelease.merge(
        kernel.identity().release(),
        new KernelEntry[] {kernel},
        (old, added) -> {
          KernelEntry[] all = Arrays.copyOf(old, old.length + 1);
          all[old.length] = added[0];
          return all;
        });
  }
}
