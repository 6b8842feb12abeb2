package dev.tracery.render.line;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;

/// Finds the fields of the kernel's own events by name: where they lie differs between kernels.
final class FtraceFields {

  private final Layout layout;

  FtraceFields(Layout layout) {
    this.layout = layout;
  }

  /// Whether there is such a field.
  boolean has(String name) {
    return layout.fields().stream().anyMatch(field -> field.name().equals(name));
  }

  /// Where a field begins.
  ///
  /// @return outside of every record if there is no such field
  int offset(String name) {
    for (Field field : layout.fields()) {
      if (field.name().equals(name)) {
        return field.offset();
      }
    }
    return -1;
  }

  /// Reads an unsigned integer; 0 if there is no such field.
  Value value(String name) {
    for (Field field : layout.fields()) {
      if (field.name().equals(name)) {
        int offset = field.offset();
        int size = field.size();
        return record -> record.unsigned(offset, size);
      }
    }
    return _ -> 0;
  }

  /// A field of a record.
  interface Value {
    long of(RecordBytes record);
  }
}
