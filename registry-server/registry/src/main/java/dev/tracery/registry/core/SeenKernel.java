package dev.tracery.registry.core;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.bridge.BridgedLayout;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.policy.BridgeFit;
import dev.tracery.registry.policy.KernelView;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.ParameterList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The kernel that a tool sees: the events that it tells of, with the layouts that the registry
/// knows. What BTF says comes from the registered kernel that it is, if it is one. Notes the events
/// whose layout was asked for and is not known. For one negotiation; not thread-safe.
final class SeenKernel implements KernelView {

  private final Index index;
  private final long revision;
  private final StoredLayouts stored;
  private final KernelIdentity identity;
  private final Map<EventName, Sha256> seen = new HashMap<>();
  private final Optional<StoredKernel> registered;
  private final Set<EventName> needed = new LinkedHashSet<>();
  private final BridgedSchemas bridges;
  private final Map<EventName, BridgedLayout> bridged = new HashMap<>();

  /// @param bridges those that are installed
  SeenKernel(
      Index index, long revision, StoredLayouts stored, Question question, BridgedSchemas bridges) {
    this.index = index;
    this.revision = revision;
    this.stored = stored;
    this.identity = question.kernel();
    this.bridges = bridges;
    for (SeenEvent event : question.seen()) {
      seen.put(event.event(), event.layoutHash());
    }
    this.registered = find();
  }

  /// The latest kernel of this identity that has every event that the tool sees, with that layout.
  /// It may have more: the tool tells of few.
  private Optional<StoredKernel> find() {
    return index.kernelsByRelease(identity.release(), revision).reversed().stream()
        .filter(kernel -> kernel.identity().equals(identity))
        .filter(kernel ->
            seen.entrySet().stream()
                .allMatch(event ->
                    kernel
                        .layout(event.getKey())
                        .filter(layout -> layout.hash().equals(event.getValue()))
                        .isPresent()))
        .findFirst()
        .map(kernel -> new StoredKernel(kernel, stored, index, revision));
  }

  /// How the registry knows an event that the tool sees; empty if it does not, or the tool sees
  /// none.
  Optional<LayoutEntry> entry(EventName event) {
    return layoutHash(event).flatMap(hash -> index.layout(event, hash, revision));
  }

  /// Notes that the text of an event is needed.
  void need(EventName event) {
    needed.add(event);
  }

  /// The events whose text is needed, in the order in which that was found.
  Set<EventName> needed() {
    return needed;
  }

  @Override
  public Optional<BridgeFit> bridge(EventName event, String field) {
    if (!bridges.concern(event)) {
      return Optional.empty();
    }
    return entry(event)
        .flatMap(
            layout -> bridged.computeIfAbsent(event, _ -> bridges.of(layout, revision)).fit(field));
  }

  @Override
  public KernelIdentity identity() {
    return identity;
  }

  @Override
  public String id() {
    return registered.map(StoredKernel::id).orElse("");
  }

  @Override
  public Optional<Sha256> layoutHash(EventName event) {
    return Optional.ofNullable(seen.get(event));
  }

  @Override
  public Optional<Layout> layout(EventName event) {
    Optional<Sha256> hash = layoutHash(event);
    if (hash.isEmpty()) {
      return Optional.empty();
    }
    Optional<LayoutEntry> known = entry(event);
    if (known.isEmpty()) {
      need(event);
    }
    return known.map(layout -> stored.layout(layout.hash()));
  }

  @Override
  public Optional<Layout> layoutOf(Sha256 hash) {
    return index.knowsLayout(hash, revision) ? Optional.of(stored.layout(hash)) : Optional.empty();
  }

  @Override
  public boolean hasTypes() {
    return registered.filter(StoredKernel::hasTypes).isPresent();
  }

  @Override
  public Optional<ParameterList> parameters(String tracepoint) {
    return registered.flatMap(kernel -> kernel.parameters(tracepoint));
  }

  @Override
  public Optional<EventStruct> struct(String name) {
    return registered.flatMap(kernel -> kernel.struct(name));
  }
}
