package dev.tracery.compiler.layout;

import dev.tracery.compiler.print.PrintFormat;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import java.util.List;

/// What one format says about bytes. Its identity is [#hash], the SHA-256 of the [CanonicalForm].
///
/// @param hash the layout's identity
/// @param eventName the event's name, without its system: one layout can belong to events of
///   several systems
/// @param target word size and byte order
/// @param commonFields the fields that every event of the kernel has, in the format's order
/// @param fields the event's own fields, in the format's order
/// @param printFormat the print format, as text and as trees
public record Layout(
    Sha256 hash,
    String eventName,
    Target target,
    List<Field> commonFields,
    List<Field> fields,
    PrintFormat printFormat) {

  public Layout {
    commonFields = List.copyOf(commonFields);
    fields = List.copyOf(fields);
  }

  /// The end of the last fixed field, in bytes from the record's start.
  public int fixedSize() {
    int end = 0;
    for (Field field : commonFields) {
      end = Math.max(end, field.end());
    }
    for (Field field : fields) {
      end = Math.max(end, field.end());
    }
    return end;
  }
}
