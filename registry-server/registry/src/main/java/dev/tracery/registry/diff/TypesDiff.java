package dev.tracery.registry.diff;

import dev.tracery.model.EventName;
import dev.tracery.registry.Registry.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What differs between what the BTF of two kernels says of their trace events.
///
/// @param parameters of tracepoints that both have, in the order of their names
/// @param structs of event classes, those that came and went among them, in the order of their
///   names
public record TypesDiff(List<ParametersChange> parameters, List<StructChange> structs) {

  /// Where nothing differs, or one kernel's BTF is not known.
  public static final TypesDiff NONE = new TypesDiff(List.of(), List.of());

  public TypesDiff {
    parameters = List.copyOf(parameters);
    structs = List.copyOf(structs);
  }

  /// What differs in the parameters of a tracepoint.
  public Optional<ParametersChange> parametersOf(String tracepoint) {
    return find(parameters, ParametersChange::tracepoint, tracepoint);
  }

  /// What differs in a struct.
  public Optional<StructChange> struct(String name) {
    return find(structs, StructChange::struct, name);
  }

  /// The changes of an event: of its tracepoint's parameters, and of the struct of its class if
  /// that has the event's name.
  public List<Change> of(EventName event) {
    if (parameters.isEmpty() && structs.isEmpty()) {
      return List.of();
    }
    List<Change> changes = new ArrayList<>();
    parametersOf(event.name()).map(TypeChanges::of).ifPresent(changes::add);
    struct(TypeChanges.STRUCT_PREFIX + event.name()).map(TypeChanges::of).ifPresent(changes::add);
    return changes;
  }

  private static <T> Optional<T> find(List<T> sorted, Function<T, String> nameOf, String name) {
    int low = 0;
    int high = sorted.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = nameOf.apply(sorted.get(middle)).compareTo(name);
      if (order == 0) {
        return Optional.of(sorted.get(middle));
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /// What happened to a list of parameters.
  public enum Extent {
    /// More follow those that were there: no harm to who takes only these.
    APPENDED,
    /// More stand before or between those that were there.
    INSERTED,
    /// Some are not there any more; the others are as they were.
    REMOVED,
    /// Other types, or another order.
    CHANGED
  }

  /// A tracepoint that hands over something else. Names of parameters are not compared.
  ///
  /// @param from the old list in C: `(bool preempt, struct task_struct *prev)`
  /// @param to the new one
  public record ParametersChange(String tracepoint, Extent extent, String from, String to) {}

  /// A struct that differs.
  ///
  /// @param struct `trace_event_raw_sched_switch`
  /// @param from its old members that are others now, each as `int prev_prio (offset 28, 4 bytes)`;
  ///   empty if it is new
  /// @param to the new ones; empty if it is gone
  /// @param presence whether both kernels have it
  public record StructChange(String struct, Presence presence, List<String> from, List<String> to) {
    public StructChange {
      from = List.copyOf(from);
      to = List.copyOf(to);
    }
  }

  /// Which kernel has something.
  public enum Presence {
    BOTH,
    NEW,
    GONE
  }
}
