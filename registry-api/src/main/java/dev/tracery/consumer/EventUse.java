package dev.tracery.consumer;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an event is used. Without fields, only that it exists.
///
/// @param event null only for [AccessClass#PINNED_KERNEL] of a whole kernel
/// @param fields [AccessClass#POSITIONAL]: from the first on, in their order
/// @param exactCount [AccessClass#POSITIONAL]: the event must have exactly these fields
/// @param structName [AccessClass#BTF_STRUCT]; otherwise empty
/// @param text [AccessClass#PRINT_TEXT]; otherwise null
/// @param parameters [AccessClass#RAW_ARGS]: the types it expects, from the first on, without the
///   probe's own data
/// @param kernel [AccessClass#PINNED_KERNEL]: release, build string or id; otherwise empty
/// @param referenceLayout the layout that the tool was written against, if it says so
public record EventUse(
    @Nullable EventName event,
    AccessClass access,
    List<FieldUse> fields,
    boolean exactCount,
    String structName,
    @Nullable TextUse text,
    List<Parameter> parameters,
    String kernel,
    @Nullable Sha256 referenceLayout) {

  public EventUse {
    fields = List.copyOf(fields);
    parameters = List.copyOf(parameters);
  }

  /// One parameter of a tracepoint.
  ///
  /// @param type in C: `struct task_struct *`
  /// @param name for people; may be empty
  public record Parameter(String type, String name) {}
}
