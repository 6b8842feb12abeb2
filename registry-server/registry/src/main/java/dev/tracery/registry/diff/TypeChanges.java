package dev.tracery.registry.diff;

import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.diff.TypesDiff.ParametersChange;
import dev.tracery.registry.diff.TypesDiff.StructChange;
import java.util.List;

/// Says for people what differs in types.
public final class TypeChanges {

  /// What all names of event classes' structs begin with.
  public static final String STRUCT_PREFIX = "trace_event_raw_";

  private TypeChanges() {}

  public static Change of(ParametersChange change) {
    return new Change(ChangeKind.PARAMETERS, "", 0, change.from(), change.to());
  }

  /// The change of a struct, with its name.
  public static Change of(StructChange change) {
    return new Change(
        ChangeKind.STRUCT,
        "",
        0,
        text(change.struct(), change.from()),
        text(change.struct(), change.to()));
  }

  private static String text(String struct, List<String> members) {
    return members.isEmpty() ? "" : "struct " + struct + ": " + String.join("; ", members);
  }
}
