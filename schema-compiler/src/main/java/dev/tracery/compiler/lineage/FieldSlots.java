package dev.tracery.compiler.lineage;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.FieldKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The field numbers that a lineage has given out, each to one (name, occurrence, kind) for ever.
final class FieldSlots {

  /// protobuf keeps these to itself (descriptor.proto, `FieldDescriptorProto.number`).
  private static final int RESERVED_FROM = 19_000;

  private static final int RESERVED_TO = 19_999;

  private record Key(String name, int occurrence, FieldKind kind) {
    static Key of(SchemaField field) {
      return new Key(field.name(), field.occurrence(), field.kind());
    }
  }

  private final Map<Key, SchemaField> byKey = new HashMap<>();
  private final Set<String> takenJsonNames = new HashSet<>();
  private int lastNumber;

  /// The slots of a version: its own fields and those that were removed before it.
  static FieldSlots of(SchemaVersion version) {
    FieldSlots slots = new FieldSlots();
    version.fields().forEach(slots::put);
    version.removed().forEach(slots::put);
    return slots;
  }

  /// No slots.
  static FieldSlots empty() {
    return new FieldSlots();
  }

  /// The slot of a layout's field, given out now if there is none. It has the field's C type and
  /// symbols, and is as wide as the wider of the two.
  SchemaField claim(Field field) {
    SchemaField slot = find(field);
    int number;
    String protoName;
    FieldKind kind;
    boolean wide;
    if (slot == null) {
      number = nextNumber();
      kind = field.kind();
      protoName = ProtoNames.field(field.name(), field.occurrence(), kind, takenJsonNames);
      wide = field.wide();
    } else {
      number = slot.number();
      kind = slot.kind();
      protoName = slot.protoName();
      wide = slot.wide() || field.wide();
    }
    SchemaField claimed =
        new SchemaField(
            number,
            protoName,
            field.name(),
            field.occurrence(),
            kind,
            wide,
            field.cType(),
            field.symbols());
    put(claimed);
    return claimed;
  }

  /// Every slot, by number.
  List<SchemaField> all() {
    List<SchemaField> all = new ArrayList<>(byKey.values());
    all.sort((x, y) -> Integer.compare(x.number(), y.number()));
    return all;
  }

  private @Nullable SchemaField find(Field field) {
    SchemaField same = byKey.get(new Key(field.name(), field.occurrence(), field.kind()));
    if (same != null || field.signed().isPresent()) {
      return same;
    }
    // An unknown sign is not a change of sign: the field is what it was.
    return byKey.get(new Key(field.name(), field.occurrence(), otherSign(field.kind())));
  }

  private void put(SchemaField slot) {
    byKey.put(Key.of(slot), slot);
    takenJsonNames.add(ProtoNames.json(slot.protoName()));
    lastNumber = Math.max(lastNumber, slot.number());
  }

  private int nextNumber() {
    int next = lastNumber + 1;
    return next >= RESERVED_FROM && next <= RESERVED_TO ? RESERVED_TO + 1 : next;
  }

  static FieldKind otherSign(FieldKind kind) {
    return switch (kind) {
      case SIGNED -> FieldKind.UNSIGNED;
      case UNSIGNED -> FieldKind.SIGNED;
      case SIGNED_ARRAY -> FieldKind.UNSIGNED_ARRAY;
      case UNSIGNED_ARRAY -> FieldKind.SIGNED_ARRAY;
      case BOOL, STRING, BYTES, BITMASK -> kind;
    };
  }
}
