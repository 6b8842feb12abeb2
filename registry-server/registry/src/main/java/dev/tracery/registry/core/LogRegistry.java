package dev.tracery.registry.core;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tracery.compiler.FormatCompiler;
import dev.tracery.model.EventName;
import dev.tracery.model.Glob;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility;
import dev.tracery.registry.Consumers;
import dev.tracery.registry.Layouts;
import dev.tracery.registry.Negotiation;
import dev.tracery.registry.Registry;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.Translators;
import dev.tracery.registry.bridge.InstalledBridges;
import dev.tracery.registry.diff.SchemaDiffer;
import dev.tracery.registry.export.ExportReader;
import dev.tracery.registry.export.ExportWriter;
import dev.tracery.registry.index.EventEntry;
import dev.tracery.registry.index.Head;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.SchemaCodec;
import dev.tracery.registry.index.VersionEntry;
import dev.tracery.registry.policy.Judge;
import dev.tracery.registry.policy.RequirementEvaluator;
import dev.tracery.store.Store;
import dev.tracery.store.StoreException;
import dev.tracery.v1.KernelTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/// The registry over a store. Replays the log when it is made; afterwards reads need the store for
/// the texts of layouts only.
@Component(service = Registry.class)
public final class LogRegistry implements Registry, AutoCloseable {

  private final Store store;
  private final RegistryLimits limits;
  private final String version;
  private final StoredLayouts stored;
  private final SchemaReader schemas;
  private final Log log;
  private final ClaimSettings claimSettings;
  private final LogConsumers consumers;
  private final Registrar registrar;
  private final Compatibility compatibility;
  private final Negotiation negotiation;
  private final Layouts layouts;
  private final Translators translators;
  private final Presence presence;
  private volatile long knownBytes;
  private volatile List<Store.Server> knownServers = List.of();

  /// The component: limits are framework properties (see [RegistryLimits]). A failure is also said
  /// with a service (`docs/decisions/0501-the-server-says-that-it-listens-with-a-service.md`).
  @Activate
  public LogRegistry(
      BundleContext context, @Reference Store store, @Reference InstalledBridges bridges) {
    this(
        store,
        bridges,
        Failures.said(context, () -> RegistryLimits.of(context::getProperty)),
        Failures.said(context, () -> ClaimSettings.of(context::getProperty)),
        Failures.said(context, () -> NegotiationSettings.of(context::getProperty)),
        InstantSource.system(),
        context.getBundle().getVersion().toString().replace(".SNAPSHOT", "-SNAPSHOT"),
        Failures.said(context, () -> new Log(store, Snapshots.commits(context::getProperty))));
  }

  /// A registry over `store`, which stays the caller's.
  ///
  /// @param version what [#status] says the server's version is
  public LogRegistry(Store store, RegistryLimits limits, String version) {
    this(
        store,
        new InstalledBridges(),
        limits,
        ClaimSettings.DEFAULT,
        NegotiationSettings.DEFAULT,
        InstantSource.system(),
        version);
  }

  /// The same with claims kept in another way, and by another clock.
  LogRegistry(
      Store store,
      RegistryLimits limits,
      ClaimSettings claimSettings,
      InstantSource clock,
      String version) {
    this(
        store,
        new InstalledBridges(),
        limits,
        claimSettings,
        NegotiationSettings.DEFAULT,
        clock,
        version);
  }

  /// The same with bridges, and with negotiations answered in another way, too.
  LogRegistry(
      Store store,
      InstalledBridges bridges,
      RegistryLimits limits,
      ClaimSettings claimSettings,
      NegotiationSettings negotiationSettings,
      InstantSource clock,
      String version) {
    this(
        store, bridges, limits, claimSettings, negotiationSettings, clock, version, new Log(store));
  }

  /// The same with another measure of when a snapshot is written, 0 for never.
  static LogRegistry withSnapshots(Store store, int snapshotCommits) {
    return new LogRegistry(
        store,
        new InstalledBridges(),
        RegistryLimits.DEFAULT,
        ClaimSettings.DEFAULT,
        NegotiationSettings.DEFAULT,
        InstantSource.system(),
        "test",
        new Log(store, snapshotCommits));
  }

  private LogRegistry(
      Store store,
      InstalledBridges bridges,
      RegistryLimits limits,
      ClaimSettings claimSettings,
      NegotiationSettings negotiationSettings,
      InstantSource clock,
      String version,
      Log log) {
    this.store = store;
    this.limits = limits;
    this.version = version;
    this.stored =
        new StoredLayouts(
            store,
            new FormatCompiler(RegistryLimits.ofStoredFormats()),
            new DiffCache(limits.diffCacheBytes()));
    this.schemas = new SchemaReader(stored, limits.schemaCacheBytes());
    this.log = log;
    this.claimSettings = claimSettings;
    this.consumers = new LogConsumers(log, claimSettings, clock);
    RequirementEvaluator evaluator = new RequirementEvaluator();
    KernelJudge judge =
        new KernelJudge(stored, new LiveClaims(consumers.inForce()), new Judge(evaluator), clock);
    this.registrar = new Registrar(log, limits, stored, judge);
    this.compatibility = new LogCompatibility(log, registrar, stored, evaluator);
    this.negotiation =
        new LogNegotiation(
            log,
            consumers::observe,
            new FormatCompiler(limits.ofNewFormats()),
            stored,
            evaluator,
            negotiationSettings,
            bridges);
    this.layouts =
        new LogLayouts(
            log,
            new FormatCompiler(limits.ofNewFormats()),
            stored,
            negotiationSettings.learnedLayouts(),
            bridges);
    this.translators = new LogTranslators(log, store, bridges);
    this.presence = new Presence(store, log, version, clock);
  }

  @Override
  public long head() {
    return log.index().head().revision();
  }

  @Override
  public Freshness freshness() {
    return log.freshness();
  }

  @Override
  public boolean await(long revision, Duration atMost) throws InterruptedException {
    return log.await(revision, atMost);
  }

  @Override
  public StateHash stateHash() {
    return log.steady(index ->
        new StateHash(index.head().revision(), dev.tracery.registry.index.StateHash.of(index)));
  }

  @Override
  public void announce(String address) {
    presence.announce(address);
  }

  /// For tests.
  Index index() {
    return log.index();
  }

  /// For tests.
  ClaimsInForce claimsInForce() {
    return consumers.inForce();
  }

  @Override
  public Consumers consumers() {
    return consumers;
  }

  @Override
  public Compatibility compatibility() {
    return compatibility;
  }

  @Override
  public Negotiation negotiation() {
    return negotiation;
  }

  @Override
  public Layouts layouts() {
    return layouts;
  }

  @Override
  public Translators translators() {
    return translators;
  }

  @Override
  public Optional<KernelTypes> types(String kernel, String filter, long atRevision) {
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    Glob glob = Filter.glob(filter);
    return KernelNames.resolve(index, "kernel", kernel, revision)
        .types(revision)
        .map(types -> TypesFilter.pick(types, glob));
  }

  @Override
  public List<Sha256> missingLayouts(List<Sha256> hashes) {
    Index index = log.index();
    long revision = index.head().revision();
    return hashes.stream().filter(hash -> !index.knowsLayout(hash, revision)).toList();
  }

  @Override
  public BitSet knownSystems(List<Sha256> nodes) {
    return log.steady(index -> {
      BitSet known = new BitSet(nodes.size());
      for (int i = 0; i < nodes.size(); i++) {
        known.set(i, index.system(nodes.get(i)).isPresent());
      }
      return known;
    });
  }

  @Override
  public Registration register(KernelIdentity identity, Optional<String> series) {
    return registrar.register(identity, series);
  }

  @Override
  public Kernel kernel(String name, long atRevision) {
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    return KernelNames.resolve(index, "kernel", name, revision).at(revision);
  }

  @Override
  public List<Kernel> kernels(String series, int from, int limit, long atRevision) {
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    return index.kernels(series, Math.max(0, from), limit, revision).stream()
        .map(kernel -> kernel.at(revision))
        .toList();
  }

  @Override
  public List<KernelEvent> events(
      String kernel, String filter, @Nullable EventName after, int limit, long atRevision) {
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    Glob glob = Filter.glob(filter);
    return kernel.isEmpty()
        ? EventLister.lineages(index, glob, after, limit, revision)
        : EventLister.events(
            KernelNames.resolve(index, "kernel", kernel, revision), glob, after, limit);
  }

  @Override
  public Schema schema(
      EventName event, SchemaSelector selector, Set<SchemaPart> parts, long atRevision) {
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    EventEntry entry = event(index, event, revision);
    Set<SchemaPart> wanted = parts.isEmpty() ? Set.of(SchemaPart.DESCRIPTOR) : parts;
    LayoutEntry layout = null;
    VersionEntry found;
    switch (selector) {
      case SchemaSelector.Latest _ -> found = version(entry, 0, revision);
      case SchemaSelector.ByVersion byVersion -> {
        if (byVersion.version() < 1) {
          throw new RegistryException(
              Code.INVALID_ARGUMENT,
              "version",
              "version: expected 1 or more but found " + byVersion.version());
        }
        found = version(entry, byVersion.version(), revision);
      }
      case SchemaSelector.ByKernel byKernel -> {
        KernelEntry kernel = KernelNames.resolve(index, "kernel", byKernel.kernel(), revision);
        layout =
            kernel
                .layout(event)
                .orElseThrow(() ->
                    notFound(
                        event.toString(),
                        "the kernel "
                            + kernel.id()
                            + " ("
                            + kernel.identity().release()
                            + ") has no event "
                            + event));
        found = layout.version();
      }
      case SchemaSelector.ByLayout byLayout -> {
        layout =
            index
                .layout(event, byLayout.layoutHash(), revision)
                .orElseThrow(() ->
                    notFound(
                        byLayout.layoutHash().hex(),
                        "no registered kernel has "
                            + event
                            + " with the layout "
                            + byLayout.layoutHash()));
        found = layout.version();
      }
    }
    if (layout == null
        && (wanted.contains(SchemaPart.DECODE_PLAN) || wanted.contains(SchemaPart.LAYOUT))) {
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          "parts",
          "parts: a layout and a decode plan are of one kernel's bytes; name a kernel or a layout");
    }
    return schemas.read(found, layout, wanted, revision);
  }

  @Override
  public KernelDiff diff(String fromKernel, String toKernel, String filter, long atRevision) {
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    return new KernelDiffs(new KernelDiffer(stored))
        .diff(
            KernelNames.resolve(index, "from_kernel", fromKernel, revision),
            KernelNames.resolve(index, "to_kernel", toKernel, revision),
            Filter.glob(filter),
            revision);
  }

  @Override
  public EventDiff diffVersions(EventName event, int fromVersion, int toVersion, long atRevision) {
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    if (fromVersion < 1 || toVersion < 0) {
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          fromVersion < 1 ? "from_version" : "to_version",
          "expected version numbers from 1 but found " + fromVersion + " and " + toVersion);
    }
    EventEntry entry = event(index, event, revision);
    VersionEntry from = version(entry, fromVersion, revision);
    VersionEntry to = version(entry, toVersion, revision);
    return new EventDiff(
        event,
        new SchemaDiffer().diff(SchemaCodec.read(from), SchemaCodec.read(to)),
        from.number(),
        to.number(),
        revision);
  }

  @Override
  public List<RevisionChanges> changes(long afterRevision, int limit) {
    Index index = log.index();
    if (afterRevision != 0) {
      Revisions.resolve(index, afterRevision);
    }
    return index.revisions(afterRevision, limit).stream()
        .map(entry -> entry.changes(claimSettings.lapse()))
        .toList();
  }

  @Override
  public AutoCloseable onHeadMoved(LongConsumer listener) {
    return log.onHeadMoved(listener);
  }

  @Override
  public Optional<FileDescriptorSet> fileContaining(String messageName) {
    Index index = log.index();
    long revision = index.head().revision();
    return index
        .eventOfMessage(messageName)
        .flatMap(event -> event.latest(revision))
        .flatMap(latest ->
            schemas.read(latest, null, Set.of(SchemaPart.IMPORTS), revision).descriptorSet());
  }

  @Override
  public List<String> messageNames() {
    Index index = log.index();
    return index.messageNames(index.head().revision());
  }

  @Override
  public void export(OutputStream out, long atRevision) throws IOException {
    long revision = Revisions.resolve(log.index(), atRevision);
    try {
      new ExportWriter(store, out).write(revision);
    } catch (StoreException e) {
      throw StoreCalls.refusal(e);
    }
  }

  @Override
  public void importFrom(InputStream in) throws IOException {
    try {
      log.importAll(new ExportReader(in, limits.importRecordBytes()));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public Status status() {
    Head head = log.index().head();
    return new Status(
        version,
        head.revision(),
        head.kernels(),
        head.events(),
        head.schemaVersions(),
        head.layouts(),
        log.index().claims().versionCount(),
        consumers.observations(),
        store.name(),
        storeBytes(),
        freshness(),
        log.snapshotRevision(),
        servers());
  }

  private long storeBytes() {
    try {
      if (store.health().reachable()) {
        knownBytes = store.sizeInBytes();
      }
    } catch (StoreException e) {
      refuseUnlessAway(e);
    }
    return knownBytes;
  }

  private List<ServerStatus> servers() {
    try {
      if (store.health().reachable()) {
        knownServers = store.servers();
      }
    } catch (StoreException e) {
      refuseUnlessAway(e);
    }
    long newest = log.knownRevision();
    for (Store.Server server : knownServers) {
      newest = Math.max(newest, server.revision());
    }
    List<ServerStatus> servers = new ArrayList<>();
    for (Store.Server server : knownServers) {
      boolean self = server.id().equals(log.id());
      long revision = self ? head() : server.revision();
      servers.add(
          new ServerStatus(
              server.id(),
              server.address(),
              server.version(),
              revision,
              Math.max(0, newest - revision),
              server.started(),
              server.heard(),
              self));
    }
    return servers;
  }

  private static void refuseUnlessAway(StoreException e) {
    if (e.reason() != StoreException.Reason.UNAVAILABLE) {
      throw StoreCalls.refusal(e);
    }
  }

  /// Writes what waits, and ends following the store. The store stays open.
  @Deactivate
  @Override
  public void close() {
    presence.close();
    consumers.close();
    log.close();
  }

  private static EventEntry event(Index index, EventName event, long revision) {
    return index
        .event(event, revision)
        .orElseThrow(() ->
            notFound(
                event.toString(),
                "no registered kernel has the event "
                    + event
                    + "; `tracery events` lists those that are known"));
  }

  /// The version of this number; the latest for 0.
  private static VersionEntry version(EventEntry event, int number, long revision) {
    VersionEntry latest = event.latest(revision).orElseThrow();
    return number == 0
        ? latest
        : event
            .version(number, revision)
            .orElseThrow(() ->
                notFound(
                    event.text(),
                    event.text()
                        + " has no version "
                        + number
                        + "; the latest is "
                        + latest.number()));
  }

  private static RegistryException notFound(String subject, String message) {
    return new RegistryException(Code.NOT_FOUND, subject, message);
  }
}
