package dev.tracery.registry.policy;

import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.ConsumerRef;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.Kernel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the waiver for a break: one all of whose selectors match.
final class WaiverMatcher {

  private final List<Waiver> waivers;

  /// @param waivers some for other series or kernels among them
  WaiverMatcher(List<Waiver> waivers, String series, Kernel candidate) {
    this.waivers =
        waivers.stream()
            .filter(waiver -> matches(waiver.series(), series))
            .filter(waiver ->
                matches(waiver.kernel(), candidate.id())
                    || waiver.kernel().equals(candidate.identity().release()))
            .toList();
  }

  /// The first that matches.
  ///
  /// @param consumer null for a rule that needs none, which only a waiver for any consumer waives
  Optional<Waiver> find(@Nullable ConsumerRef consumer, EventName event, Change change) {
    for (Waiver waiver : waivers) {
      if (waiver.event().equals(event)
          && (waiver.field().isEmpty() || waiver.field().equals(change.field()))
          && (waiver.kind() == null || waiver.kind() == change.kind())
          && matches(waiver.consumer(), consumer == null ? "" : consumer.name())) {
        return Optional.of(waiver);
      }
    }
    return Optional.empty();
  }

  private static boolean matches(String selector, String name) {
    return selector.isEmpty() || selector.equals(name);
  }
}
