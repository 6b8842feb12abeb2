package dev.tracery.registry.core;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.StructEntry;
import dev.tracery.registry.index.TracepointEntry;
import dev.tracery.registry.index.TypesEntry;
import dev.tracery.registry.policy.KernelView;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.ParameterList;
import java.util.Optional;

/// A kernel of the index, or one that would be, as the policy sees it. Reads the layouts that are
/// asked for.
///
/// @param revision what is newer is not seen
record StoredKernel(KernelEntry kernel, StoredLayouts stored, Index index, long revision)
    implements KernelView {

  @Override
  public KernelIdentity identity() {
    return kernel.identity();
  }

  @Override
  public String id() {
    return kernel.id();
  }

  @Override
  public Optional<Sha256> layoutHash(EventName event) {
    return kernel.layout(event).map(LayoutEntry::hash);
  }

  @Override
  public Optional<Layout> layout(EventName event) {
    return kernel.layout(event).map(layout -> stored.layout(layout.hash()));
  }

  @Override
  public Optional<Layout> layoutOf(Sha256 hash) {
    return index.knowsLayout(hash, revision) ? Optional.of(stored.layout(hash)) : Optional.empty();
  }

  @Override
  public boolean hasTypes() {
    return types().isPresent();
  }

  @Override
  public Optional<ParameterList> parameters(String tracepoint) {
    return types().flatMap(types -> types.tracepoint(tracepoint)).map(TracepointEntry::parameters);
  }

  @Override
  public Optional<EventStruct> struct(String name) {
    return types().flatMap(types -> types.struct(name)).map(StructEntry::struct);
  }

  private Optional<TypesEntry> types() {
    // Why: a kernel that would be has them from the revision that it would have.
    return kernel.types(Math.max(revision, kernel.revision()));
  }
}
