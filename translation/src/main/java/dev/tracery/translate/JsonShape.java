package dev.tracery.translate;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.v1.DecodeOperation;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is the same in the JSON of all records of one event.
///
/// @param type the event
/// @param name its key and value in the envelope
/// @param common the common fields, without `common_type`
/// @param fields the message's, by number
record JsonShape(EventType type, byte[] name, List<Common> common, List<JsonField> fields) {

  private static final String COMMON = "common_";
  private static final Set<Integer> INTEGER_SIZES = Set.of(1, 2, 4, 8);

  JsonShape {
    common = List.copyOf(common);
    fields = List.copyOf(fields);
  }

  static JsonShape of(EventType type) {
    Set<Integer> filled = new HashSet<>();
    for (DecodeOperation operation : type.plan().getOperationsList()) {
      filled.add(operation.getFieldNumber());
    }
    return new JsonShape(
        type,
        utf8(",\"event\":\"" + type.name() + '"'),
        type.layout().commonFields().stream()
            .filter(field -> !field.name().equals("common_type"))
            .filter(field -> INTEGER_SIZES.contains(field.size()))
            .map(Common::of)
            .toList(),
        type.schema().fields().stream()
            .sorted(Comparator.comparingInt(SchemaField::number))
            .map(field -> JsonField.of(field, filled.contains(field.number())))
            .toList());
  }

  /// A common field.
  ///
  /// @param key a comma, its name without `common_` in quotes, and a colon
  /// @param pid whether it is `common_pid`
  record Common(int offset, int size, boolean signed, byte[] key, boolean pid) {

    static Common of(Field field) {
      String name = withoutPrefix(field.name());
      return new Common(
          field.offset(),
          field.size(),
          field.signed().orElse(true),
          utf8(",\"" + name + "\":"),
          name.equals("pid"));
    }
  }

  /// A common field's name without `common_`.
  static String withoutPrefix(String name) {
    return name.startsWith(COMMON) ? name.substring(COMMON.length()) : name;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
