package dev.tracery.translate.server;

import dev.tracery.model.EventName;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.KernelEvent;
import dev.tracery.registry.Registry.SchemaPart;
import dev.tracery.registry.Registry.SchemaSelector;
import dev.tracery.v1.DecodePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How all events of a registered kernel are read.
final class KernelPlans {

  private static final int EVENTS_AT_ONCE = 5_000;
  private static final Set<SchemaPart> PLAN = Set.of(SchemaPart.DECODE_PLAN);

  private KernelPlans() {}

  /// A kernel's events, in the order of their names.
  static List<KernelEvent> events(Registry registry, String kernel) {
    List<KernelEvent> events = new ArrayList<>();
    EventName after = null;
    while (true) {
      List<KernelEvent> page = registry.events(kernel, "", after, EVENTS_AT_ONCE, 0);
      events.addAll(page);
      if (page.size() < EVENTS_AT_ONCE) {
        return events;
      }
      after = page.getLast().event();
    }
  }

  /// The plans of a kernel's events, in no order.
  static List<DecodePlan> of(Registry registry, String kernel) {
    // Why parallel: most of the time goes into compiling formats.
    return events(registry, kernel).parallelStream()
        .map(event ->
            registry
                .schema(
                    event.event(),
                    new SchemaSelector.ByLayout(event.layoutHash().orElseThrow()),
                    PLAN,
                    0)
                .decodePlan()
                .orElseThrow())
        .toList();
  }
}
