package dev.tracery.registry.core;

import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry.Registration;
import dev.tracery.registry.Registry.RegistrationResult;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.SystemEntry;
import dev.tracery.v1.KernelTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A registration that is being put together: holds its events, and the texts of those layouts only
/// that the registry does not know. Not thread-safe.
final class PendingRegistration implements Registration {

  /// Registers what was put together.
  interface Finisher {
    RegistrationResult finish(PendingKernel kernel, boolean validateOnly);
  }

  // Why: common_type has 2 bytes in every record.
  private static final int MAX_ID = 0xffff;

  private final KernelIdentity identity;
  private final Optional<String> series;
  private final RegistryLimits limits;
  private final Index index;
  private final Finisher finisher;
  private final List<PendingEvent> events = new ArrayList<>();
  private final List<GivenSystem> systems = new ArrayList<>();
  private final PendingTypes types;
  private long bytes;
  private int eventsOfSystems;
  private boolean closed;

  PendingRegistration(
      KernelIdentity identity,
      Optional<String> series,
      RegistryLimits limits,
      Index index,
      Finisher finisher) {
    this.identity = identity;
    this.series = series;
    this.limits = limits;
    this.index = index;
    this.finisher = finisher;
    this.types = new PendingTypes(limits);
  }

  @Override
  public void add(EventName event, int id, String file, byte[] text, Optional<Sha256> claimedHash) {
    bytes += text.length;
    if (bytes > limits.formatBytes()) {
      throw RegistryLimits.exceeded("bytes of formats", limits.formatBytes(), "format-bytes");
    }
    Sha256 hash = CanonicalForm.hash(text, identity.target());
    if (claimedHash.isPresent() && !claimedHash.get().equals(hash)) {
      throw new RegistryException(
          RegistryException.Code.INVALID_ARGUMENT,
          event.toString(),
          event
              + ": the layout was said to have the hash "
              + claimedHash.get()
              + " but its format, on a "
              + identity.target()
              + " kernel, has "
              + hash);
    }
    OptionalInt idInText = FormatText.id(text);
    if (idInText.isPresent() && idInText.getAsInt() != id) {
      throw new RegistryException(
          RegistryException.Code.INVALID_ARGUMENT,
          event.toString(),
          event
              + ": the id was said to be "
              + id
              + " but the format has ID: "
              + idInText.getAsInt());
    }
    boolean known = index.layout(event, hash, index.head().revision()).isPresent();
    add(event, id, hash, file, known ? null : text);
  }

  @Override
  public void add(EventName event, int id, Sha256 layoutHash) {
    add(event, id, layoutHash, null, null);
  }

  private void add(
      EventName event, int id, Sha256 hash, @Nullable String file, byte @Nullable [] text) {
    checkOpen();
    checkId(event.toString(), id);
    checkRoom(1);
    events.add(new PendingEvent(event, id, hash, file, text));
  }

  @Override
  public void addSystem(String system, Sha256 node, int firstId) {
    checkOpen();
    SystemEntry known =
        index
            .system(node)
            .filter(entry -> identity.target().equals(entry.layout(0).target()))
            .orElseThrow(() -> notKnown(system, node));
    if (!known.system().equals(system)) {
      throw new RegistryException(
          RegistryException.Code.INVALID_ARGUMENT,
          system,
          "the system " + system + " was given by the hash of " + known.system() + ", " + node);
    }
    checkId(system, firstId);
    checkId(system, firstId + known.maxRelativeId());
    checkRoom(known.size());
    eventsOfSystems += known.size();
    systems.add(new GivenSystem(known, firstId));
  }

  private static RegistryException notKnown(String system, Sha256 node) {
    return new RegistryException(
        RegistryException.Code.FAILED_PRECONDITION,
        system,
        "the system "
            + system
            + " with the hash "
            + node
            + " is not known and came without its events; list the events of what"
            + " FindMissingLayouts names");
  }

  private static void checkId(String subject, int id) {
    if (id < 0 || id > MAX_ID) {
      throw new RegistryException(
          RegistryException.Code.INVALID_ARGUMENT,
          subject,
          subject + ": expected an id from 0 to " + MAX_ID + " but found " + id);
    }
  }

  private void checkRoom(int more) {
    if (events.size() + eventsOfSystems + more > limits.eventsPerKernel()) {
      throw RegistryLimits.exceeded("events", limits.eventsPerKernel(), "events-per-kernel");
    }
  }

  @Override
  public void addTypes(KernelTypes part) {
    checkOpen();
    types.add(part);
  }

  @Override
  public RegistrationResult finish(boolean validateOnly) {
    checkOpen();
    try {
      return finisher.finish(
          new PendingKernel(identity, series, events, systems, types.finish()), validateOnly);
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    closed = true;
    events.clear();
    systems.clear();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the registration is finished or closed");
    }
  }
}
