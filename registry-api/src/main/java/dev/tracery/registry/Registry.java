package dev.tracery.registry;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The registry. Reads answer from memory; writes return when they are durable. Every method may be
/// called from any thread and throws [RegistryException] for a call that it refuses.
///
/// `atRevision` reads the registry as it was at that revision; 0 is now. A kernel is named by its
/// id, an unambiguous prefix of it of at least 4 digits, or an unambiguous release.
public interface Registry {

  /// The latest revision.
  long head();

  /// How far this server's memory may be behind the log. Never blocks.
  Freshness freshness();

  /// Looks into the store for newer commits and waits until this server has read `revision`.
  ///
  /// @return whether it has; not if that took longer than `atMost`
  /// @throws RegistryException UNAVAILABLE at once if the store cannot be reached and the revision
  ///   is not here
  boolean await(long revision, Duration atMost) throws InterruptedException;

  /// What this server's memory says, as a hash: servers that have read the same log up to the same
  /// revision have the same one, however they came to it.
  StateHash stateHash();

  /// Lets the other servers over the same log know where this one serves.
  ///
  /// @param address `HOST:PORT`
  void announce(String address);

  /// Who depends on what.
  Consumers consumers();

  /// What a kernel breaks and for whom.
  Compatibility compatibility();

  /// What a tool asks when it starts.
  Negotiation negotiation();

  /// How records lie in memory.
  Layouts layouts();

  /// Which bundles people have installed.
  Translators translators();

  /// Those of `hashes` that no registered event has, in their order.
  List<Sha256> missingLayouts(List<Sha256> hashes);

  /// The places of those of `nodes` that a registered kernel has as a system.
  ///
  /// @param nodes as [dev.tracery.model.Fingerprints#system] makes them
  BitSet knownSystems(List<Sha256> nodes);

  /// Begins a registration. Not thread-safe; nothing is stored before [Registration#finish].
  Registration register(KernelIdentity identity, Optional<String> series);

  /// One kernel.
  Kernel kernel(String name, long atRevision);

  /// Kernels in the order of their registration, or of their joining `series` (empty: all), from
  /// index `from` on.
  List<Kernel> kernels(String series, int from, int limit, long atRevision);

  /// The events of a kernel whose name matches the glob `filter` and is greater than `after`, in
  /// the order of their names. An empty `kernel` lists the latest version of every lineage; such
  /// events have id 0 and no layout.
  List<KernelEvent> events(
      String kernel, String filter, @Nullable EventName after, int limit, long atRevision);

  /// What a kernel's BTF says of its trace events; empty if the kernel was registered without.
  ///
  /// @param filter a glob over the names of tracepoints, and of structs without their prefix
  ///   `trace_event_raw_`; empty is all
  Optional<KernelTypes> types(String kernel, String filter, long atRevision);

  /// One schema version of an event.
  Schema schema(EventName event, SchemaSelector selector, Set<SchemaPart> parts, long atRevision);

  /// What differs between two kernels.
  KernelDiff diff(String fromKernel, String toKernel, String filter, long atRevision);

  /// What differs between two schema versions; `toVersion` 0 is the latest.
  EventDiff diffVersions(EventName event, int fromVersion, int toVersion, long atRevision);

  /// The changes of the first `limit` revisions after `afterRevision`.
  ///
  /// @throws RegistryException OUT_OF_RANGE if `afterRevision` is greater than the head
  List<RevisionChanges> changes(long afterRevision, int limit);

  /// Calls `listener` with the head after it has moved, possibly once for several moves. It must
  /// not block.
  AutoCloseable onHeadMoved(LongConsumer listener);

  /// The file of an event's message by the message's full name (`linux.sched.SchedSwitch`), with
  /// the files that it imports, imports first: what server reflection answers.
  Optional<FileDescriptorSet> fileContaining(String messageName);

  /// The full names of all event messages, sorted.
  List<String> messageNames();

  /// Writes the log and its blobs as of `atRevision`.
  void export(OutputStream out, long atRevision) throws IOException;

  /// Fills the registry, which must be empty, from an export. All or nothing.
  void importFrom(InputStream in) throws IOException;

  /// Counts and sizes.
  Status status();

  /// A registration that is being put together.
  interface Registration extends AutoCloseable {
    /// Adds an event whose format the caller has.
    ///
    /// @param file how diagnostics name the text
    /// @param claimedHash the hash that the caller says the layout has; checked
    void add(EventName event, int id, String file, byte[] text, Optional<Sha256> claimedHash);

    /// Adds an event whose layout the registry knows.
    void add(EventName event, int id, Sha256 layoutHash);

    /// Adds all events of a system that the registry knows.
    ///
    /// @param node as [dev.tracery.model.Fingerprints#system] makes it
    /// @param firstId the smallest id; no id is above 65,535
    /// @throws RegistryException FAILED_PRECONDITION if the node is not known, or of another word
    ///   size or byte order; INVALID_ARGUMENT if it is another system's, or for an id;
    ///   RESOURCE_EXHAUSTED beyond the limits
    void addSystem(String system, Sha256 node, int firstId);

    /// Adds what the kernel's BTF says, or a part of it.
    void addTypes(KernelTypes types);

    /// Stores the kernel, or refuses it whole.
    ///
    /// @param validateOnly checks everything and stores nothing
    RegistrationResult finish(boolean validateOnly);

    /// Drops what was not finished.
    @Override
    void close();
  }

  /// What a registration did, or would do.
  ///
  /// @param kernel with revision 0 and the time 1970 where it was only validated and is not there
  /// @param warnings the first 1,000
  /// @param warningCount how many there were in all
  /// @param report how it compares with the kernel before it; empty where it joined no series now
  /// @param typesAdded whether BTF came with it and was new for the kernel
  record RegistrationResult(
      Kernel kernel,
      long revision,
      boolean created,
      int newLayouts,
      int newSchemaVersions,
      List<Diagnostic> warnings,
      int warningCount,
      Optional<Compatibility.Report> report,
      boolean typesAdded) {}

  /// A registered kernel.
  ///
  /// @param id the first 16 hexadecimal digits of the SHA-256 of identity and manifest
  /// @param typesFingerprint of what its BTF says; empty where it was registered without
  record Kernel(
      String id,
      KernelIdentity identity,
      Sha256 manifestFingerprint,
      List<String> series,
      int eventCount,
      int systemCount,
      long revision,
      Instant registered,
      Optional<Sha256> typesFingerprint) {}

  /// An event of a kernel.
  record KernelEvent(EventName event, int id, Optional<Sha256> layoutHash, int schemaVersion) {}

  /// Which version of a schema.
  sealed interface SchemaSelector {
    /// The latest.
    record Latest() implements SchemaSelector {}

    /// By number, from 1.
    record ByVersion(int version) implements SchemaSelector {}

    /// What this kernel's records become.
    record ByKernel(String kernel) implements SchemaSelector {}

    /// What this layout's records become.
    record ByLayout(Sha256 layoutHash) implements SchemaSelector {}
  }

  /// A part of a schema.
  enum SchemaPart {
    DESCRIPTOR,
    IMPORTS,
    PROTO,
    DECODE_PLAN,
    LAYOUT
  }

  /// One schema version; the parts that were asked for.
  record Schema(
      EventName event,
      int version,
      String messageName,
      Optional<FileDescriptorSet> descriptorSet,
      Optional<String> proto,
      Optional<DecodePlan> decodePlan,
      Optional<Layout> layout,
      long revision) {}

  /// What differs between two kernels.
  ///
  /// @param events those with changes of their own, in the order of their names
  /// @param unchanged how many of the events that match have none
  /// @param commonChanges of the fields that all events have, and of word size and byte order
  record KernelDiff(
      List<EventDiff> events, int unchanged, List<Change> commonChanges, long revision) {}

  /// What differs in one event. A version is 0 where the event is not there.
  record EventDiff(
      EventName event, List<Change> changes, int fromVersion, int toVersion, long revision) {}

  /// One difference.
  ///
  /// @param field empty where the change is of the event
  /// @param occurrence which of the fields of that name, from 0
  /// @param from the old declaration or value; empty for an addition
  /// @param to the new one; empty for a removal
  record Change(ChangeKind kind, String field, int occurrence, String from, String to) {}

  /// What can differ. The ABI policy's change kinds.
  enum ChangeKind {
    EVENT_ADDED,
    EVENT_REMOVED,
    EVENT_ID,
    FIELD_ADDED,
    FIELD_REMOVED,
    FIELD_MOVED,
    FIELD_WIDENED,
    FIELD_NARROWED,
    FIELD_SIGNEDNESS,
    FIELD_KIND,
    FIELD_LENGTH,
    FIELD_STORAGE,
    FIELD_SPELLING,
    FIELD_SYMBOLS,
    FIELD_ORDER,
    PRINT_FORMAT,
    RECORD_SIZE,
    WORD_SIZE,
    BYTE_ORDER,
    /// A hint, which may cross systems.
    EVENT_RENAMED,
    /// A hint: a field was added with the same type at the same place.
    FIELD_RENAMED,
    COMMON_FIELD_ADDED,
    COMMON_FIELD_REMOVED,
    COMMON_FIELD_MOVED,
    /// Of the event's tracepoint, of which BTF tells.
    PARAMETERS,
    /// Of an event class, of which BTF tells.
    STRUCT
  }

  /// The changes of one revision.
  record RevisionChanges(long revision, Instant time, List<RegistryChange> changes) {}

  /// One change of the registry.
  sealed interface RegistryChange {
    record KernelRegistered(Kernel kernel) implements RegistryChange {}

    record SeriesJoined(String kernel, String series) implements RegistryChange {}

    record SchemaVersionAdded(EventName event, int version) implements RegistryChange {}

    record ConsumerDeclared(Consumers.Claim claim) implements RegistryChange {}

    record ConsumerEnded(Consumers.Claim claim) implements RegistryChange {}

    record ConsumerObserved(Consumers.Claim claim) implements RegistryChange {}

    record WaiverGiven(String name, String series) implements RegistryChange {}

    record PolicyChanged(String summary) implements RegistryChange {}

    record TypesAdded(String kernel) implements RegistryChange {}

    record LayoutLearned(EventName event, Sha256 layoutHash) implements RegistryChange {}

    record TranslatorInstalled(String name, String version) implements RegistryChange {}

    record TranslatorRemoved(String name, String version) implements RegistryChange {}
  }

  /// How far a server's memory may be behind the log.
  ///
  /// @param storeReachable whether the store answers; if not, writes are refused
  /// @param age how long ago it was known that the memory has all of the log; zero where nobody
  ///   else can write
  /// @param problem what is wrong and what to do, empty if nothing is
  record Freshness(boolean storeReachable, Duration age, String problem) {}

  /// The memory's content, hashed.
  record StateHash(long revision, Sha256 hash) {}

  /// A server over the same log.
  ///
  /// @param self whether it is the one that answers
  /// @param lag how many revisions it is behind the newest that is known here
  record ServerStatus(
      String id,
      String address,
      String version,
      long revision,
      long lag,
      Instant started,
      Instant heard,
      boolean self) {}

  /// Counts and sizes.
  ///
  /// @param consumerVersions versions of tools that were declared or observed, ended ones included
  /// @param storeBytes as last known where the store cannot be reached
  /// @param snapshotRevision of the newest snapshot, 0 for none
  /// @param servers all that were heard of in the last minute, as last known
  record Status(
      String version,
      long revision,
      int kernels,
      int events,
      int schemaVersions,
      int layouts,
      int consumerVersions,
      Consumers.Observations observations,
      String store,
      long storeBytes,
      Freshness freshness,
      long snapshotRevision,
      List<ServerStatus> servers) {}
}
