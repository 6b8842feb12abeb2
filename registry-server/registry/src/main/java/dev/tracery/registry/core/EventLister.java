package dev.tracery.registry.core;

import dev.tracery.model.EventName;
import dev.tracery.model.Glob;
import dev.tracery.registry.Registry.KernelEvent;
import dev.tracery.registry.index.EventEntry;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.SystemEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lists events in the order of their names.
final class EventLister {

  private EventLister() {}

  /// The events of a kernel that match and come after `after`.
  static List<KernelEvent> events(
      KernelEntry kernel, Glob glob, @Nullable EventName after, int limit) {
    List<KernelEvent> found = new ArrayList<>();
    int s = after == null ? 0 : kernel.firstNotBefore(after.system());
    for (; s < kernel.systemCount() && found.size() < limit; s++) {
      SystemEntry system = kernel.system(s);
      // Why: no name has a NUL, so this is the next name that there could be.
      int e =
          after != null && system.system().equals(after.system())
              ? system.firstNotBefore(after.name() + "\0")
              : 0;
      for (; e < system.size() && found.size() < limit; e++) {
        LayoutEntry layout = system.layout(e);
        if (glob.matchesAll() || glob.matches(layout.event().text())) {
          found.add(
              new KernelEvent(
                  layout.event().name(),
                  kernel.firstId(s) + system.relativeId(e),
                  Optional.of(layout.hash()),
                  layout.version().number()));
        }
      }
    }
    return found;
  }

  /// The lineages that match, come after `after`, and were there at `revision`.
  static List<KernelEvent> lineages(
      Index index, Glob glob, @Nullable EventName after, int limit, long revision) {
    List<KernelEvent> found = new ArrayList<>();
    for (EventEntry event : after == null ? index.events() : index.eventsAfter(after)) {
      if (found.size() >= limit) {
        break;
      }
      if (glob.matchesAll() || glob.matches(event.text())) {
        event
            .latest(revision)
            .ifPresent(latest ->
                found.add(new KernelEvent(event.name(), 0, Optional.empty(), latest.number())));
      }
    }
    return found;
  }
}
