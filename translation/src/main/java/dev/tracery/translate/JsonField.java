package dev.tracery.translate;

import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.lineage.SchemaField;
import java.nio.charset.StandardCharsets;

/// One field of a message, as JSON has it.
///
/// @param number its protobuf number
/// @param kind what it holds
/// @param key its name in quotes, and a colon
/// @param filled whether the layout has it, so that a message without it means the default value
record JsonField(int number, FieldKind kind, byte[] key, boolean filled) {

  static JsonField of(SchemaField field, boolean filled) {
    byte[] key = ('"' + field.protoName() + "\":").getBytes(StandardCharsets.UTF_8);
    return new JsonField(field.number(), field.kind(), key, filled);
  }

  /// What stands for a field that a message has not.
  byte[] absent() {
    return switch (kind) {
      case SIGNED, UNSIGNED -> ZERO;
      case BOOL -> FALSE;
      case STRING, BYTES -> EMPTY;
      case SIGNED_ARRAY, UNSIGNED_ARRAY, BITMASK -> NONE;
    };
  }

  private static final byte[] ZERO = {'0'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] EMPTY = {'"', '"'};
  private static final byte[] NONE = {'[', ']'};
}
