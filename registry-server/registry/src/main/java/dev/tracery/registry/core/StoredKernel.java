package dev.tracery.registry.core;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.index.LayoutEntry;
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
    return false;
  }

  @Override
  public Optional<ParameterList> parameters(String tracepoint) {
    return Optional.empty();
  }

  @Override
  public Optional<EventStruct> struct(String name) {
    return Optional.empty();
  }
}
