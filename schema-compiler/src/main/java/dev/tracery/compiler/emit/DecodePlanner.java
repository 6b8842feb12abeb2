package dev.tracery.compiler.emit;

import com.google.protobuf.ByteString;
import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.translator.BridgedField;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.Placement;
import dev.tracery.v1.WordSize;
import java.util.List;
import java.util.Optional;

/// Says how the bytes of a layout become the fields of a schema version. Thread-safe.
public final class DecodePlanner {

  private static final int LOCATION_WORD = 4;

  private final BridgePlanner bridgePlanner = new BridgePlanner();

  /// The plan. Fields that the schema has and the layout has not stay unset, and the other way
  /// round are not read.
  public DecodePlan plan(Layout layout, SchemaVersion schema) {
    return plan(layout, schema, List.of());
  }

  /// The plan, in which each field that the schema has and the layout has not is filled by the
  /// first of `bridges` that can fill it.
  public DecodePlan plan(Layout layout, SchemaVersion schema, List<BridgedField> bridges) {
    DecodePlan.Builder plan =
        DecodePlan.newBuilder()
            .setEvent(schema.event().toString())
            .setLayoutHash(ByteString.copyFrom(layout.hash().bytes()))
            .setSchemaVersion(schema.version())
            .setByteOrder(
                switch (layout.target().byteOrder()) {
                  case LITTLE_ENDIAN -> ByteOrder.BYTE_ORDER_LITTLE_ENDIAN;
                  case BIG_ENDIAN -> ByteOrder.BYTE_ORDER_BIG_ENDIAN;
                })
            .setWordSize(
                switch (layout.target().wordSize()) {
                  case BITS_32 -> WordSize.WORD_SIZE_32;
                  case BITS_64 -> WordSize.WORD_SIZE_64;
                })
            .setFixedSize(layout.fixedSize());
    for (int i = 0; i < layout.fields().size(); i++) {
      Field field = layout.fields().get(i);
      find(schema, field, i).ifPresent(target -> plan.addOperations(operation(field, target)));
    }
    if (!bridges.isEmpty()) {
      bridge(layout, schema, bridges, plan);
    }
    return plan.build();
  }

  private void bridge(
      Layout layout, SchemaVersion schema, List<BridgedField> bridges, DecodePlan.Builder plan) {
    for (SchemaField target : schema.fields()) {
      if (target.occurrence() == 0
          && layout.fields().stream().noneMatch(field -> fills(field, target))) {
        bridges.stream()
            .filter(bridge -> bridge.event().equals(schema.event()))
            .filter(bridge -> bridge.name().equals(target.name()))
            .filter(bridge -> bridgePlanner.obstacle(bridge, layout, target) == null)
            .findFirst()
            .ifPresent(
                bridge -> plan.addOperations(bridgePlanner.operation(bridge, layout, target)));
      }
    }
  }

  /// @param likelyIndex where the field is if the schema began with a layout like this one
  private static Optional<SchemaField> find(SchemaVersion schema, Field field, int likelyIndex) {
    if (likelyIndex < schema.fields().size() && fills(field, schema.fields().get(likelyIndex))) {
      return Optional.of(schema.fields().get(likelyIndex));
    }
    return schema.fields().stream().filter(target -> fills(field, target)).findFirst();
  }

  private static boolean fills(Field field, SchemaField target) {
    return field.name().equals(target.name())
        && field.occurrence() == target.occurrence()
        && (field.kind() == target.kind()
            || field.signed().isEmpty() && differOnlyInSign(field.kind(), target.kind()));
  }

  private static boolean differOnlyInSign(FieldKind one, FieldKind other) {
    return one.isInteger() && other.isInteger() || isIntegerArray(one) && isIntegerArray(other);
  }

  private static boolean isIntegerArray(FieldKind kind) {
    return kind == FieldKind.SIGNED_ARRAY || kind == FieldKind.UNSIGNED_ARRAY;
  }

  static DecodeOperation operation(Field field, SchemaField target) {
    return DecodeOperation.newBuilder()
        .setFieldNumber(target.number())
        .setPlacement(
            switch (field.placement()) {
              case FIXED -> Placement.PLACEMENT_FIXED;
              case DATA_LOC -> Placement.PLACEMENT_DATA_LOC;
              case REL_LOC -> Placement.PLACEMENT_REL_LOC;
              case REST -> Placement.PLACEMENT_REST;
            })
        .setConversion(
            switch (target.kind()) {
              case SIGNED, UNSIGNED -> Conversion.CONVERSION_INTEGER;
              case BOOL -> Conversion.CONVERSION_BOOL;
              case STRING -> Conversion.CONVERSION_STRING;
              case BYTES -> Conversion.CONVERSION_BYTES;
              case SIGNED_ARRAY, UNSIGNED_ARRAY -> Conversion.CONVERSION_INTEGERS;
              case BITMASK -> Conversion.CONVERSION_BITMASK;
            })
        .setOffset(field.offset())
        .setSize(size(field))
        .setElementSize(field.elementSize())
        .setSigned(target.kind() == FieldKind.SIGNED || target.kind() == FieldKind.SIGNED_ARRAY)
        .build();
  }

  private static int size(Field field) {
    return switch (field.placement()) {
      case FIXED, REST -> field.size();
      // Why: synthetic events have a slot of 8 bytes for the 4-byte word (trace_events_synth.c,
      // Linux 6.1), which lies first whatever the byte order.
      case DATA_LOC, REL_LOC -> Math.min(field.size(), LOCATION_WORD);
    };
  }
}
