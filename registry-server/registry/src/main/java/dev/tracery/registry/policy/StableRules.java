package dev.tracery.registry.policy;

import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Registry.Change;
import java.util.List;
import java.util.Set;

/// What is stable without any consumer, apart from whole events.
final class StableRules {

  /// "Some of those fields must always be there."
  private static final Set<String> COMMON =
      Set.of("common_type", "common_flags", "common_preempt_count", "common_pid");

  /// The field before the arguments of a system call's event: no argument.
  private static final Set<String> BOOKKEEPING = Set.of("nr", "__syscall_nr");

  private static final String SYSCALLS = "syscalls";

  private StableRules() {}

  /// How stable a field that every event has is, or the architecture.
  static Stability ofCommon(Change change) {
    return COMMON.contains(change.field()) ? Stability.STABLE : Stability.INTERNAL;
  }

  /// Whether a change of a stable event is one of what it promises.
  static boolean isPromised(EventName event, Change change) {
    return !event.system().equals(SYSCALLS)
        || switch (change.kind()) {
          case FIELD_ORDER -> !arguments(change.from()).equals(arguments(change.to()));
          default -> !BOOKKEEPING.contains(change.field());
        };
  }

  private static List<String> arguments(String order) {
    return List.of(order.split(", ")).stream()
        .filter(field -> !BOOKKEEPING.contains(field))
        .toList();
  }
}
