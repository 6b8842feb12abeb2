package dev.tracery.compiler.emit;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;

/// What the descriptor and the `.proto` text of a schema version have in common: names and types.
final class MessageFile {

  /// The file that defines the options.
  static final String OPTIONS_FILE = "tracery/v1/options.proto";

  private MessageFile() {}

  /// `linux.sched`.
  static String packageName(SchemaVersion schema) {
    return schema.messageName().substring(0, schema.messageName().lastIndexOf('.'));
  }

  /// `SchedSwitch`.
  static String simpleName(SchemaVersion schema) {
    return schema.messageName().substring(schema.messageName().lastIndexOf('.') + 1);
  }

  /// `linux/sched/sched_switch.proto`. An event whose message had to take another name than its own
  /// has a file of that name: message names are unique, so file names are.
  static String fileName(SchemaVersion schema) {
    String folder = packageName(schema).replace('.', '/');
    String simpleName = simpleName(schema);
    String eventName = fileSafe(schema.event().name());
    boolean ownName = simpleName.equalsIgnoreCase(eventName.replace("_", ""));
    return folder + "/" + (ownName ? eventName : simpleName) + ".proto";
  }

  /// The protobuf type of a field.
  static Type type(SchemaField field) {
    return switch (field.kind()) {
      case SIGNED, SIGNED_ARRAY -> field.wide() ? Type.TYPE_INT64 : Type.TYPE_INT32;
      case UNSIGNED, UNSIGNED_ARRAY -> field.wide() ? Type.TYPE_UINT64 : Type.TYPE_UINT32;
      case BOOL -> Type.TYPE_BOOL;
      case STRING -> Type.TYPE_STRING;
      case BYTES -> Type.TYPE_BYTES;
      case BITMASK -> Type.TYPE_UINT64;
    };
  }

  private static String fileSafe(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean safe =
          c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
      if (!safe) {
        return name.replaceAll("[^A-Za-z0-9_]", "_");
      }
    }
    return name;
  }
}
