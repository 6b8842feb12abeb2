package dev.tracery.registry.index;

import com.google.protobuf.ByteString;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.Fingerprints;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.claims.ClaimReader;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.KernelRegistered;
import dev.tracery.registry.log.KernelTypesAdded;
import dev.tracery.registry.log.LayoutAdded;
import dev.tracery.registry.log.LayoutsLearned;
import dev.tracery.registry.log.SchemaVersionAdded;
import dev.tracery.registry.log.SeriesJoined;
import dev.tracery.registry.log.SystemAdded;
import dev.tracery.registry.ruling.NewerEntryException;
import dev.tracery.registry.ruling.RulingReader;
import dev.tracery.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one commit of the log against the index of all before it, and checks that everything fits.
/// The index is not changed.
public final class CommitReader {

  /// Whom to believe.
  private enum Trust {
    /// Nobody.
    NONE,
    /// That the store has kept what it was given.
    STORE,
    /// That it was read by [#read] before it was given to the store, too.
    REPLAY
  }

  private final Index index;
  private final long revision;
  private final long timeMillis;
  private final Trust trust;
  private final Map<EventName, EventEntry> newEvents = new HashMap<>();
  private final Map<EventName, Integer> newVersions = new HashMap<>();
  private final Map<String, EventEntry> newMessages = new HashMap<>();
  private final List<EventEntry> events = new ArrayList<>();
  private final List<VersionEntry> versions = new ArrayList<>();
  private final List<LayoutEntry> layouts = new ArrayList<>();
  private final List<SystemEntry> systems = new ArrayList<>();
  private final List<KernelEntry> kernels = new ArrayList<>();
  private final List<RevisionEntry.Join> memberships = new ArrayList<>();
  private final RulingReader rulings;
  private final ClaimReader claims;
  private final TypesReader types;
  private final TranslatorReader translators;
  private @Nullable Target target;
  private boolean learned;

  private CommitReader(Index index, ParsedCommit commit, Trust trust) {
    this.index = index;
    this.trust = trust;
    this.revision = commit.revision();
    this.timeMillis = commit.timeMillis();
    this.rulings = new RulingReader(index.rulings(), revision, timeMillis);
    this.claims = new ClaimReader(index.claims(), revision, timeMillis);
    this.types = new TypesReader(index.types(), revision, trust == Trust.NONE);
    this.translators = new TranslatorReader(index.translators(), revision, timeMillis);
  }

  /// What `commit`, of a store that keeps what it was given, adds to `index`.
  ///
  /// @throws RegistryException DATA_LOSS if the commit is damaged, not the next one, or does not
  ///   fit; FAILED_PRECONDITION if a newer version of this program wrote it
  public static Delta read(Index index, Store.Commit commit) {
    return read(index, ParsedCommit.of(commit), Trust.STORE);
  }

  /// Likewise where it was read before it was written, as every commit was that is replayed: what
  /// costs time because it looks into everything is not looked at again.
  ///
  /// @throws RegistryException like [#read]
  public static Delta replay(Index index, ParsedCommit commit) {
    return read(index, commit, Trust.REPLAY);
  }

  /// What `commit`, of anywhere, adds to `index`: hashes are made again and compared, too.
  ///
  /// @throws RegistryException like [#read]
  public static Delta verify(Index index, Store.Commit commit) {
    return read(index, ParsedCommit.of(commit), Trust.NONE);
  }

  private static Delta read(Index index, ParsedCommit commit, Trust trust) {
    if (commit.revision() != index.head().revision() + 1) {
      throw damaged(
          commit.revision(), "expected revision " + (index.head().revision() + 1) + " here");
    }
    CommitReader reader = new CommitReader(index, commit, trust);
    try {
      List<Entry> entries = commit.entries();
      reader.findTarget(entries);
      entries.forEach(reader::read);
      check(!entries.isEmpty(), "the commit has no entries");
    } catch (NewerEntryException e) {
      throw new RegistryException(
          RegistryException.Code.FAILED_PRECONDITION,
          "revision " + commit.revision(),
          "revision "
              + commit.revision()
              + " of the log was written by a newer version of this program: "
              + e.getMessage()
              + "; update this server");
    } catch (IllegalArgumentException e) {
      throw damaged(commit.revision(), String.valueOf(e.getMessage()));
    }
    return new Delta(
        reader.revision,
        reader.timeMillis,
        reader.events,
        reader.versions,
        reader.layouts,
        reader.systems,
        reader.kernels,
        reader.memberships,
        reader.rulings.delta(),
        reader.types.delta(),
        reader.learned,
        reader.claims.delta(),
        reader.translators.steps());
  }

  /// A registration is one commit with the kernel and then its BTF last, and its layouts are of the
  /// kernel's target. Layouts that were learned say it of themselves.
  private void findTarget(List<Entry> entries) {
    int end = entries.size();
    while (end > 0 && isOfTypes(entries.get(end - 1))) {
      end--;
    }
    if (end == 0) {
      return;
    }
    Entry last = entries.get(end - 1);
    if (last.hasKernelRegistered()) {
      target = target(last.getKernelRegistered());
    } else if (last.hasLayoutsLearned()) {
      LayoutsLearned said = last.getLayoutsLearned();
      target = target(said.getWordBytes(), said.getBigEndian());
    }
  }

  private static boolean isOfTypes(Entry entry) {
    return switch (entry.getEntryCase()) {
      case TRACEPOINT_ADDED, STRUCT_ADDED, TYPES_ADDED, KERNEL_TYPES_ADDED -> true;
      default -> false;
    };
  }

  private static Target target(KernelRegistered added) {
    return target(added.getWordBytes(), added.getBigEndian());
  }

  private static Target target(int wordBytes, boolean bigEndian) {
    return new Target(
        WordSize.ofBytes(wordBytes), bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  private void read(Entry entry) {
    switch (entry.getEntryCase()) {
      case SCHEMA_VERSION_ADDED -> read(entry.getSchemaVersionAdded());
      case LAYOUT_ADDED -> read(entry.getLayoutAdded());
      case SYSTEM_ADDED -> read(entry.getSystemAdded());
      case KERNEL_REGISTERED -> read(entry.getKernelRegistered());
      case SERIES_JOINED -> read(entry.getSeriesJoined());
      case LAYOUTS_LEARNED -> learned();
      case TRACEPOINT_ADDED -> types.read(entry.getTracepointAdded());
      case STRUCT_ADDED -> types.read(entry.getStructAdded());
      case TYPES_ADDED -> types.read(entry.getTypesAdded());
      case KERNEL_TYPES_ADDED -> read(entry.getKernelTypesAdded());
      case CONSUMER_DECLARED -> claims.read(entry.getConsumerDeclared());
      case CONSUMER_ENDED -> claims.read(entry.getConsumerEnded());
      case CONSUMER_OBSERVED -> claims.read(entry.getConsumerObserved());
      case WAIVER_GIVEN -> rulings.read(entry.getWaiverGiven());
      case POLICY_CHANGED -> rulings.read(entry.getPolicyChanged());
      case TRANSLATOR_INSTALLED -> translators.read(entry.getTranslatorInstalled());
      case TRANSLATOR_REMOVED -> translators.read(entry.getTranslatorRemoved());
      case ENTRY_NOT_SET ->
          throw new NewerEntryException(
              "it has an entry of a kind that this version does not know");
    }
  }

  private void read(SchemaVersionAdded added) {
    EventName name = EventName.parse(added.getEvent());
    EventEntry known = find(name);
    EventEntry event = known == null ? new EventEntry(name, added.getMessageName()) : known;
    if (known == null) {
      check(!added.getMessageName().isEmpty(), "the message of %s has no name", name);
      check(
          index.eventOfMessage(added.getMessageName()).isEmpty()
              && newMessages.putIfAbsent(added.getMessageName(), event) == null,
          "the message %s of %s belongs to another event",
          added.getMessageName(),
          name);
      newEvents.put(name, event);
      events.add(event);
    } else {
      check(
          event.messageName().equals(added.getMessageName()),
          "the message of %s was %s and is %s",
          name,
          event.messageName(),
          added.getMessageName());
    }
    int next = event.versionCount() + newVersions.merge(name, 1, Integer::sum);
    check(
        added.getVersion() == next,
        "expected version %d of %s but found %d",
        next,
        name,
        added.getVersion());
    VersionEntry version =
        new VersionEntry(
            index.versionCount() + versions.size(), event, next, revision, added.getContent());
    versions.add(version);
  }

  private void read(LayoutAdded added) {
    Sha256 hash = hash(added.getHash());
    VersionEntry version = version(added.getSchemaVersion());
    if (trust == Trust.NONE) {
      EventName name = version.event().name();
      check(
          index.layout(name, hash, Long.MAX_VALUE).isEmpty(),
          "%s has the layout %s already",
          name,
          hash);
    }
    layouts.add(
        new LayoutEntry(index.layoutCount() + layouts.size(), hash, version, revision, target));
  }

  private void learned() {
    check(!layouts.isEmpty(), "layouts were learned but there are none");
    check(kernels.isEmpty() && systems.isEmpty(), "layouts were learned, but with a kernel");
    learned = true;
  }

  private void read(SystemAdded added) {
    int count = added.getRelativeIdsCount();
    LayoutEntry[] nodeLayouts = added.hasLayoutsOf() ? sharedLayouts(added) : listedLayouts(added);
    check(
        count > 0 && count == nodeLayouts.length,
        "the system %s has %d layouts and %d ids",
        added.getSystem(),
        nodeLayouts.length,
        count);
    char[] relativeIds = new char[count];
    for (int i = 0; i < count; i++) {
      int id = added.getRelativeIds(i);
      if (id != (char) id) {
        throw new IllegalArgumentException(
            "the system "
                + added.getSystem()
                + " cannot have the id "
                + Integer.toUnsignedString(id));
      }
      relativeIds[i] = (char) id;
    }
    SystemEntry system =
        new SystemEntry(
            index.systemCount() + systems.size(),
            added.getSystem(),
            hash(added.getHash()),
            nodeLayouts,
            relativeIds);
    if (trust == Trust.NONE) {
      Sha256 found = Fingerprints.system(system.system(), members(system));
      check(
          found.equals(system.hash()),
          "the system %s should have the hash %s but has %s",
          added.getSystem(),
          system.hash(),
          found);
    }
    systems.add(system);
  }

  private static List<Fingerprints.Member> members(SystemEntry system) {
    List<Fingerprints.Member> members = new ArrayList<>(system.size());
    for (int i = 0; i < system.size(); i++) {
      LayoutEntry layout = system.layout(i);
      members.add(
          new Fingerprints.Member(
              layout.event().name().name(), layout.hash(), system.relativeId(i)));
    }
    return members;
  }

  private LayoutEntry[] sharedLayouts(SystemAdded added) {
    SystemEntry like = system(added.getLayoutsOf());
    check(
        added.getLayoutsCount() == 0 && like.system().equals(added.getSystem()),
        "the system %s cannot have the layouts of %s and %d others",
        added.getSystem(),
        like.system(),
        added.getLayoutsCount());
    return like.layouts();
  }

  private LayoutEntry[] listedLayouts(SystemAdded added) {
    int[] ordinals = new int[added.getLayoutsCount()];
    for (int i = 0; i < ordinals.length; i++) {
      ordinals[i] = added.getLayouts(i);
    }
    // Why: so that kernels which were registered by older versions take as little memory.
    Optional<SystemEntry> like = index.systemWith(ordinals);
    if (like.isPresent() && like.get().system().equals(added.getSystem())) {
      return like.get().layouts();
    }
    LayoutEntry[] listed = new LayoutEntry[ordinals.length];
    String before = "";
    for (int i = 0; i < listed.length; i++) {
      LayoutEntry layout = layout(ordinals[i]);
      // Why: most of a replay's time would go into this, by far.
      if (trust != Trust.REPLAY) {
        EventName name = layout.event().name();
        check(
            name.system().equals(added.getSystem()) && before.compareTo(name.name()) < 0,
            "the system %s cannot have %s at place %d",
            added.getSystem(),
            name,
            i);
        before = name.name();
      }
      listed[i] = layout;
    }
    return listed;
  }

  private void read(KernelRegistered added) {
    KernelIdentity identity =
        new KernelIdentity(
            added.getRelease(),
            added.getBuild(),
            added.getMachine(),
            target(added),
            added.getPageSize());
    int count = added.getSystemsCount();
    check(
        count > 0 && count == added.getFirstIdsCount(),
        "the kernel %s has %d systems and %d first ids",
        added.getRelease(),
        count,
        added.getFirstIdsCount());
    SystemEntry[] nodes = new SystemEntry[count];
    int[] firstIds = new int[count];
    for (int i = 0; i < count; i++) {
      nodes[i] = system(added.getSystems(i));
      firstIds[i] = added.getFirstIds(i);
      if (trust != Trust.REPLAY) {
        check(
            i == 0 || nodes[i - 1].system().compareTo(nodes[i].system()) < 0,
            "the kernel %s cannot have the system %s at place %d",
            added.getRelease(),
            nodes[i].system(),
            i);
      }
    }
    Sha256 fingerprint = hash(added.getManifestFingerprint());
    if (trust == Trust.NONE) {
      Sha256 found =
          Fingerprints.manifest(
              Arrays.stream(nodes).map(SystemEntry::system).toArray(String[]::new),
              Arrays.stream(nodes).map(SystemEntry::hash).toArray(Sha256[]::new),
              firstIds);
      check(
          found.equals(fingerprint),
          "the kernel %s should have the manifest %s but has %s",
          added.getRelease(),
          fingerprint,
          found);
    }
    String id = Fingerprints.kernelId(identity, fingerprint);
    check(kernel(id) == null, "the kernel %s is registered already", id);
    KernelEntry kernel =
        new KernelEntry(id, identity, fingerprint, nodes, firstIds, revision, timeMillis);
    kernels.add(kernel);
    if (!added.getSeries().isEmpty()) {
      memberships.add(new RevisionEntry.Join(kernel, added.getSeries()));
    }
  }

  private void read(SeriesJoined joined) {
    KernelEntry kernel = kernel(joined.getKernelId());
    check(kernel != null, "there is no kernel %s", joined.getKernelId());
    check(!joined.getSeries().isEmpty(), "the kernel %s joins no series", joined.getKernelId());
    boolean inIndex = Objects.requireNonNull(kernel).isIn(joined.getSeries(), Long.MAX_VALUE);
    RevisionEntry.Join join = new RevisionEntry.Join(kernel, joined.getSeries());
    check(
        !inIndex && !memberships.contains(join),
        "the kernel %s is in the series %s already",
        joined.getKernelId(),
        joined.getSeries());
    memberships.add(join);
  }

  private void read(KernelTypesAdded added) {
    KernelEntry kernel = kernel(added.getKernelId());
    check(kernel != null, "there is no kernel %s", added.getKernelId());
    types.read(added, Objects.requireNonNull(kernel), kernels.contains(kernel));
  }

  private @Nullable EventEntry find(EventName name) {
    EventEntry added = newEvents.get(name);
    return added != null ? added : index.event(name, Long.MAX_VALUE).orElse(null);
  }

  private VersionEntry version(int ordinal) {
    int known = index.versionCount();
    check(
        ordinal >= 0 && ordinal < known + versions.size(),
        "there is no schema version number %d",
        ordinal);
    return ordinal < known ? index.version(ordinal) : versions.get(ordinal - known);
  }

  private LayoutEntry layout(int ordinal) {
    int known = index.layoutCount();
    // Why no check: a replay asks this millions of times, and most layouts are known.
    if (ordinal >= 0 && ordinal < known) {
      return index.layout(ordinal);
    }
    check(
        ordinal >= 0 && ordinal < known + layouts.size(), "there is no layout number %d", ordinal);
    return layouts.get(ordinal - known);
  }

  private SystemEntry system(int ordinal) {
    int known = index.systemCount();
    check(
        ordinal >= 0 && ordinal < known + systems.size(), "there is no system number %d", ordinal);
    return ordinal < known ? index.system(ordinal) : systems.get(ordinal - known);
  }

  private @Nullable KernelEntry kernel(String id) {
    for (KernelEntry added : kernels) {
      if (added.id().equals(id)) {
        return added;
      }
    }
    return index.kernelById(id, Long.MAX_VALUE).orElse(null);
  }

  private static Sha256 hash(ByteString bytes) {
    return Sha256.ofBytes(bytes.toByteArray());
  }

  // Messages are built only when they are needed: a replay makes thousands of these checks.
  private static void check(boolean holds, String message, @Nullable Object... arguments) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(message, arguments));
    }
  }

  static RegistryException damaged(long revision, String what) {
    return new RegistryException(
        RegistryException.Code.DATA_LOSS,
        "revision " + revision,
        "the log is damaged at revision "
            + revision
            + ": "
            + what
            + "; restore the store from a backup or import an export into an empty one");
  }
}
