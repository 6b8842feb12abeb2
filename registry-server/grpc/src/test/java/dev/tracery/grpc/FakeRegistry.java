package dev.tracery.grpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility;
import dev.tracery.registry.Consumers;
import dev.tracery.registry.Layouts;
import dev.tracery.registry.Negotiation;
import dev.tracery.registry.Registry;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.Translators;
import dev.tracery.v1.KernelTypes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A registry of values that a test puts into it, which notes what it was asked. Thread-safe.
final class FakeRegistry implements Registry {

  static final Sha256 KNOWN = Sha256.of(new byte[] {1});

  final List<Kernel> kernels = new CopyOnWriteArrayList<>();
  final List<KernelEvent> events = new CopyOnWriteArrayList<>();
  final List<RevisionChanges> log = new CopyOnWriteArrayList<>();
  final Map<String, FileDescriptorSet> files = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<String> registered = new CopyOnWriteArrayList<>();
  final List<Diagnostic> warnings = new CopyOnWriteArrayList<>();
  final Set<LongConsumer> listeners = ConcurrentHashMap.newKeySet();
  final AtomicInteger openRegistrations = new AtomicInteger();
  final AtomicLong exported = new AtomicLong();
  final AtomicLong imported = new AtomicLong();
  final FakeConsumers consumers = new FakeConsumers();
  final FakeCompatibility compatibility = new FakeCompatibility();
  final FakeNegotiation negotiation = new FakeNegotiation(this);
  volatile @Nullable Schema schema;
  volatile @Nullable KernelTypes types;
  volatile @Nullable KernelDiff kernelDiff;
  volatile @Nullable EventDiff eventDiff;
  volatile @Nullable Throwable failure;
  volatile long exportBytes = 1000;
  volatile long byteLimit = Long.MAX_VALUE;

  /// Appends a revision and tells everybody.
  void append(List<RegistryChange> changes) {
    long revision = log.size() + 1;
    log.add(new RevisionChanges(revision, Instant.ofEpochSecond(1_000_000 + revision, 5), changes));
    listeners.forEach(listener -> listener.accept(revision));
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
    throw new UnsupportedOperationException("translation asks for layouts, and nothing here");
  }

  @Override
  public Translators translators() {
    throw new UnsupportedOperationException("translation asks for bundles, and nothing here");
  }

  @Override
  public Optional<KernelTypes> types(String kernel, String filter, long atRevision) {
    ask("types " + kernel + " " + filter + " " + atRevision);
    return Optional.ofNullable(types);
  }

  /// The waits for a revision that go on now.
  final List<Duration> waits = new CopyOnWriteArrayList<>();

  /// What happens once, while the next question is being answered.
  final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();

  final List<String> announced = new CopyOnWriteArrayList<>();
  final List<ServerStatus> servers = new CopyOnWriteArrayList<>();
  volatile long snapshotRevision;
  volatile Freshness freshness = new Freshness(true, Duration.ZERO, "");

  @Override
  public long head() {
    return log.size();
  }

  @Override
  public List<Sha256> missingLayouts(List<Sha256> hashes) {
    ask("missingLayouts " + hashes.size());
    return hashes.stream().filter(hash -> !hash.equals(KNOWN)).toList();
  }

  @Override
  public BitSet knownSystems(List<Sha256> nodes) {
    BitSet known = new BitSet();
    for (int i = 0; i < nodes.size(); i++) {
      known.set(i, nodes.get(i).equals(KNOWN));
    }
    return known;
  }

  @Override
  public Registration register(KernelIdentity identity, Optional<String> series) {
    ask("register " + identity.release() + " " + series.orElse("-"));
    openRegistrations.incrementAndGet();
    return new FakeRegistration(identity, series);
  }

  @Override
  public Kernel kernel(String name, long atRevision) {
    ask("kernel " + name + " " + atRevision);
    return kernels.stream()
        .filter(kernel -> kernel.id().equals(name) || kernel.identity().release().equals(name))
        .findFirst()
        .orElseThrow(() -> notFound("kernel", name));
  }

  @Override
  public List<Kernel> kernels(String series, int from, int limit, long atRevision) {
    ask("kernels " + series + " " + from + " " + limit + " " + atRevision);
    return kernels.stream().skip(from).limit(limit).toList();
  }

  @Override
  public List<KernelEvent> events(
      String kernel, String filter, @Nullable EventName after, int limit, long atRevision) {
    ask("events " + kernel + " " + filter + " " + after + " " + limit + " " + atRevision);
    return events.stream()
        .filter(event -> after == null || event.event().compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public Schema schema(
      EventName event, SchemaSelector selector, Set<SchemaPart> parts, long atRevision) {
    ask("schema " + event + " " + selector + " " + parts + " " + atRevision);
    return orNotFound(schema, "event", event.toString());
  }

  @Override
  public KernelDiff diff(String fromKernel, String toKernel, String filter, long atRevision) {
    ask("diff " + fromKernel + " " + toKernel + " " + filter + " " + atRevision);
    return orNotFound(kernelDiff, "kernel", fromKernel);
  }

  @Override
  public EventDiff diffVersions(EventName event, int from, int to, long atRevision) {
    ask("diffVersions " + event + " " + from + " " + to + " " + atRevision);
    return orNotFound(eventDiff, "event", event.toString());
  }

  @Override
  public List<RevisionChanges> changes(long afterRevision, int limit) {
    ask("changes " + afterRevision);
    return log.stream().skip(afterRevision).limit(limit).toList();
  }

  @Override
  public AutoCloseable onHeadMoved(LongConsumer listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public Optional<FileDescriptorSet> fileContaining(String messageName) {
    return Optional.ofNullable(files.get(messageName));
  }

  @Override
  public List<String> messageNames() {
    return List.copyOf(new TreeMap<>(files).keySet());
  }

  @Override
  public void export(OutputStream out, long atRevision) throws IOException {
    ask("export " + atRevision);
    byte[] block = new byte[1000];
    for (long i = 0; i < exportBytes; i += block.length) {
      java.util.Arrays.fill(block, (byte) (i / block.length));
      out.write(block);
      exported.addAndGet(block.length);
    }
  }

  @Override
  public void importFrom(InputStream in) throws IOException {
    ask("importFrom");
    long sum = 0;
    byte[] block = new byte[4096];
    int length;
    while ((length = in.read(block)) >= 0) {
      sum += length;
    }
    if (sum % 2 == 1) {
      throw new EOFException("it ends within a record, at byte " + sum);
    }
    imported.set(sum);
  }

  @Override
  public Status status() {
    ask("status");
    return new Status(
        "0.1.0",
        log.size(),
        kernels.size(),
        2,
        3,
        4,
        6,
        new Consumers.Observations(9, 4, 2, 3, 1, 7),
        "memory",
        5,
        freshness(),
        snapshotRevision,
        List.copyOf(servers));
  }

  @Override
  public Freshness freshness() {
    return freshness;
  }

  @Override
  public boolean await(long revision, Duration atMost) throws InterruptedException {
    waits.add(atMost);
    try {
      ask("await " + revision);
      for (long i = 0; head() < revision && i < atMost.toMillis(); i++) {
        Thread.sleep(1);
      }
    } finally {
      waits.remove(atMost);
    }
    return head() >= revision;
  }

  @Override
  public StateHash stateHash() {
    ask("stateHash");
    return new StateHash(head(), KNOWN);
  }

  @Override
  public void announce(String address) {
    announced.add(address);
  }

  void ask(String question) {
    asked.add(question);
    Runnable once = meanwhile.getAndSet(null);
    if (once != null) {
      once.run();
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalArgumentException(e);
    }
  }

  static RegistryException notFound(String kind, String name) {
    return new RegistryException(
        RegistryException.Code.NOT_FOUND, kind + " " + name, "no " + kind + " " + name + " here");
  }

  private static <T> T orNotFound(@Nullable T value, String kind, String name) {
    if (value == null) {
      throw notFound(kind, name);
    }
    return value;
  }

  private final class FakeRegistration implements Registration {
    private final KernelIdentity identity;
    private final Optional<String> series;
    private final List<String> added = new ArrayList<>();
    private long bytes;
    private boolean closed;

    FakeRegistration(KernelIdentity identity, Optional<String> series) {
      this.identity = identity;
      this.series = series;
    }

    @Override
    public void add(
        EventName event, int id, String file, byte[] text, Optional<Sha256> claimedHash) {
      bytes += text.length;
      if (bytes > byteLimit) {
        throw new RegistryException(
            RegistryException.Code.RESOURCE_EXHAUSTED,
            "registration",
            "the formats have more than " + byteLimit + " bytes");
      }
      added.add(event + " " + id + " " + file + " " + text.length + " " + claimedHash.isPresent());
    }

    @Override
    public void add(EventName event, int id, Sha256 layoutHash) {
      added.add(event + " " + id + " " + layoutHash.equals(KNOWN));
    }

    @Override
    public void addSystem(String system, Sha256 node, int firstId) {
      added.add(system + " " + firstId + " " + node.equals(KNOWN));
    }

    @Override
    public void addTypes(KernelTypes types) {
      added.add("types " + types.getTracepointsCount() + " " + types.getStructsCount());
    }

    @Override
    public RegistrationResult finish(boolean validateOnly) {
      ask("finish " + validateOnly);
      Kernel kernel =
          new Kernel(
              "0123456789abcdef",
              identity,
              KNOWN,
              series.map(List::of).orElse(List.of()),
              added.size(),
              1,
              log.size() + 1,
              Instant.ofEpochSecond(7),
              Optional.empty());
      if (!validateOnly) {
        registered.addAll(added);
        kernels.add(kernel);
        append(List.of(new RegistryChange.KernelRegistered(kernel)));
      }
      return new RegistrationResult(
          kernel, log.size(), !validateOnly, 1, 2, warnings, 3000, Optional.empty(), false);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        openRegistrations.decrementAndGet();
      }
    }
  }
}
