package dev.tracery.compiler.emit;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.translator.BridgedField;
import dev.tracery.v1.Arithmetic;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodeOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says how a bridge fills a field of a message from a layout that does not have it, or why it
/// cannot. Thread-safe.
public final class BridgePlanner {

  /// Why a bridge cannot fill a field from a layout's records.
  ///
  /// @param target the field, as the event's lineage has it
  /// @return null if it can
  public @Nullable String obstacle(BridgedField bridge, Layout layout, SchemaField target) {
    Field source = source(bridge, layout);
    if (source == null) {
      return "there is no field " + bridge.source();
    }
    if (target.kind() == FieldKind.BOOL) {
      return boolObstacle(bridge, source);
    }
    if (target.kind().isInteger()) {
      return isNumber(source.kind())
          ? shiftObstacle(bridge, source)
          : mismatch(bridge, source, target);
    }
    if (source.kind() != target.kind()) {
      return mismatch(bridge, source, target);
    }
    return bridge.isRename()
        ? null
        : bridge.source() + " is " + word(source.kind()) + ", with which nothing can be computed";
  }

  /// One bit, or any integer as C has it: true where it is not 0.
  private static @Nullable String boolObstacle(BridgedField bridge, Field source) {
    if (!isNumber(source.kind())) {
      return bridge.source() + " is " + word(source.kind()) + ", and " + bridge.name() + " a bool";
    }
    boolean isOneBit =
        bridge.mask() == 1 && bridge.multiply() == 0 && bridge.divide() == 0 && bridge.add() == 0;
    return bridge.isRename()
        ? null
        : isOneBit
            ? shiftObstacle(bridge, source)
            : bridge.name() + " is a bool: one bit, shifted and masked with 1";
  }

  private static @Nullable String shiftObstacle(BridgedField bridge, Field source) {
    int bits = 8 * source.elementSize();
    return bridge.shiftRight() < bits
        ? null
        : bridge.source()
            + " has "
            + bits
            + " bits, and a shift by "
            + bridge.shiftRight()
            + " leaves none";
  }

  private static String mismatch(BridgedField bridge, Field source, SchemaField target) {
    return bridge.source()
        + " is "
        + word(source.kind())
        + ", and "
        + bridge.name()
        + " "
        + word(target.kind());
  }

  /// The operation that fills a field, of a bridge without an [#obstacle].
  DecodeOperation operation(BridgedField bridge, Layout layout, SchemaField target) {
    Field source = source(bridge, layout);
    if (source == null) {
      throw new IllegalArgumentException(bridge + " has no source in this layout");
    }
    DecodeOperation.Builder operation =
        DecodePlanner.operation(source, target).toBuilder()
            // Why the source's: it says how the bytes are read and shifted. What comes out is cut
            // to the field's type by who reads the message.
            .setSigned(
                source.kind() == FieldKind.SIGNED || source.kind() == FieldKind.SIGNED_ARRAY);
    if (!bridge.isRename()) {
      // Why for a bool, too: a bool is the varint 0 or 1, which is what its one bit is.
      operation.setConversion(Conversion.CONVERSION_INTEGER);
      operation.setArithmetic(
          Arithmetic.newBuilder()
              .setShiftRight(bridge.shiftRight())
              .setMask(bridge.mask())
              .setMultiply(bridge.multiply())
              .setDivide(bridge.divide())
              .setAdd(bridge.add()));
    }
    return operation.build();
  }

  /// The first field of that name, the event's own before the common ones.
  private static @Nullable Field source(BridgedField bridge, Layout layout) {
    for (List<Field> fields : List.of(layout.fields(), layout.commonFields())) {
      for (Field field : fields) {
        if (field.name().equals(bridge.source())) {
          return field;
        }
      }
    }
    return null;
  }

  private static boolean isNumber(FieldKind kind) {
    return kind.isInteger() || kind == FieldKind.BOOL;
  }

  private static String word(FieldKind kind) {
    return switch (kind) {
      case SIGNED, UNSIGNED -> "an integer";
      case BOOL -> "a bool";
      case STRING -> "a string";
      case BYTES -> "bytes";
      case SIGNED_ARRAY -> "an array of signed integers";
      case UNSIGNED_ARRAY -> "an array of unsigned integers";
      case BITMASK -> "a bitmask";
    };
  }
}
