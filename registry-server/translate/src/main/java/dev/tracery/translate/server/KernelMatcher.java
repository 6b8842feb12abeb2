package dev.tracery.translate.server;

import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.Registry.KernelEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the registered kernel that a trace was recorded on. A trace has no build string, so it is
/// known by its release, and by every event of the trace being one of the kernel's, with that id
/// and layout. Events that somebody defined, such as probes, are on no kernel.
final class KernelMatcher {

  private static final int KERNELS_AT_ONCE = 1_000;

  private final Registry registry;

  KernelMatcher(Registry registry) {
    this.registry = registry;
  }

  /// The kernel; the one that was registered first, of several that look the same.
  Optional<Kernel> find(String release, Target target, List<SeenEvent> seen) {
    for (int from = 0; ; from += KERNELS_AT_ONCE) {
      List<Kernel> kernels = registry.kernels("", from, KERNELS_AT_ONCE, 0);
      for (Kernel kernel : kernels) {
        if (kernel.identity().release().equals(release)
            && kernel.identity().target().equals(target)
            && hasAll(kernel, seen)) {
          return Optional.of(kernel);
        }
      }
      if (kernels.size() < KERNELS_AT_ONCE) {
        return Optional.empty();
      }
    }
  }

  private boolean hasAll(Kernel kernel, List<SeenEvent> seen) {
    Map<EventName, KernelEvent> events = new HashMap<>();
    KernelPlans.events(registry, kernel.id()).forEach(event -> events.put(event.event(), event));
    boolean any = false;
    for (SeenEvent event : seen) {
      KernelEvent known = events.get(event.event());
      if (known != null) {
        if (known.id() != event.id()
            || !known.layoutHash().equals(Optional.of(event.layoutHash()))) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }
}
