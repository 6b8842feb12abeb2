package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.ParameterList;
import java.util.Optional;

/// A kernel that is another one but for what a test overrides.
class ForwardingView implements KernelView {

  private final KernelView other;

  ForwardingView(KernelView other) {
    this.other = other;
  }

  @Override
  public KernelIdentity identity() {
    return other.identity();
  }

  @Override
  public String id() {
    return other.id();
  }

  @Override
  public Optional<Sha256> layoutHash(EventName event) {
    return other.layoutHash(event);
  }

  @Override
  public Optional<Layout> layout(EventName event) {
    return other.layout(event);
  }

  @Override
  public Optional<Layout> layoutOf(Sha256 hash) {
    return other.layoutOf(hash);
  }

  @Override
  public boolean hasTypes() {
    return other.hasTypes();
  }

  @Override
  public Optional<ParameterList> parameters(String tracepoint) {
    return other.parameters(tracepoint);
  }

  @Override
  public Optional<EventStruct> struct(String name) {
    return other.struct(name);
  }
}
