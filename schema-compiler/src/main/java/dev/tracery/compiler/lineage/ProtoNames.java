package dev.tracery.compiler.lineage;

import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.model.EventName;
import java.util.Set;

/// How kernel names become protobuf names. A name that is taken gets a suffix, so what is given out
/// depends on what was given out before; that is why names are recorded in the lineage and never
/// derived again.
final class ProtoNames {

  private ProtoNames() {}

  /// The full message name: `sched/sched_switch` becomes `linux.sched.SchedSwitch`.
  static String message(EventName event, Set<String> taken) {
    String wanted =
        "linux." + identifier(event.system()) + "." + camelCase(identifier(event.name()));
    String name = wanted;
    for (int n = 2; taken.contains(name); n++) {
      name = wanted + "_" + n;
    }
    return name;
  }

  /// A field name that neither equals a taken one nor has the same JSON name, which protoc refuses.
  ///
  /// @param takenJsonNames the JSON names of all fields that the lineage ever had
  static String field(String name, int occurrence, FieldKind kind, Set<String> takenJsonNames) {
    String base = identifier(name);
    if (occurrence > 0) {
      base = base + "_" + (occurrence + 1);
    }
    if (!takenJsonNames.contains(json(base))) {
      return base;
    }
    String withKind = base + "_" + word(kind);
    String free = withKind;
    for (int n = 2; takenJsonNames.contains(json(free)); n++) {
      free = withKind + "_" + n;
    }
    return free;
  }

  /// The JSON name that protoc derives from a field name (descriptor.cc, ToJsonName): underscores
  /// go, and the letter after one is made upper case.
  static String json(String name) {
    if (name.indexOf('_') < 0) {
      return name;
    }
    StringBuilder json = new StringBuilder(name.length());
    boolean upper = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        json.append(upper ? upperCase(c) : c);
        upper = false;
      }
    }
    return json.toString();
  }

  /// A protobuf identifier: other characters become `_`, and one that begins with a digit (`9p`)
  /// gets a `_` in front.
  static String identifier(String name) {
    StringBuilder identifier = null;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isLetter(c) && c != '_' && !isDigit(c)) {
        identifier = identifier == null ? new StringBuilder(name) : identifier;
        identifier.setCharAt(i, '_');
      }
    }
    String result = identifier == null ? name : identifier.toString();
    return isDigit(result.charAt(0)) ? "_" + result : result;
  }

  private static String camelCase(String identifier) {
    StringBuilder camel = new StringBuilder(identifier.length());
    boolean upper = true;
    for (int i = 0; i < identifier.length(); i++) {
      char c = identifier.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        camel.append(upper ? upperCase(c) : c);
        upper = false;
      }
    }
    boolean needsPrefix = camel.isEmpty() || isDigit(camel.charAt(0));
    return needsPrefix ? camel.insert(0, '_').toString() : camel.toString();
  }

  private static String word(FieldKind kind) {
    return switch (kind) {
      case SIGNED -> "signed";
      case UNSIGNED -> "unsigned";
      case BOOL -> "bool";
      case STRING -> "string";
      case BYTES -> "bytes";
      case SIGNED_ARRAY -> "signed_array";
      case UNSIGNED_ARRAY -> "unsigned_array";
      case BITMASK -> "bitmask";
    };
  }

  private static char upperCase(char c) {
    return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
