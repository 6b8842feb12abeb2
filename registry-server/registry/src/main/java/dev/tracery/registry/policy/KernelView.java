package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.ParameterList;
import java.util.Optional;

/// A kernel, registered or not, as far as the policy asks.
public interface KernelView {

  KernelIdentity identity();

  /// The kernel's id; empty where it is not known.
  String id();

  /// The hash of an event's layout; empty if the kernel has no such event.
  Optional<Sha256> layoutHash(EventName event);

  /// An event's layout; empty if the kernel has no such event. If it has a [#layoutHash] but no
  /// layout, its text is needed.
  Optional<Layout> layout(EventName event);

  /// The layout of this hash, of any kernel: what a tool says that it was written against. Empty if
  /// it is not known.
  default Optional<Layout> layoutOf(Sha256 hash) {
    return Optional.empty();
  }

  /// How an installed bridge stands to a field that an event's layout does not have; empty if none
  /// speaks of it. Where kernels are judged there are no bridges.
  default Optional<BridgeFit> bridge(EventName event, String field) {
    return Optional.empty();
  }

  /// Whether the kernel's BTF is known.
  boolean hasTypes();

  /// What the tracepoint of this name hands to a probe; empty if there is none or [#hasTypes] is
  /// false.
  Optional<ParameterList> parameters(String tracepoint);

  /// The struct of this name; empty if there is none or [#hasTypes] is false.
  Optional<EventStruct> struct(String name);
}
