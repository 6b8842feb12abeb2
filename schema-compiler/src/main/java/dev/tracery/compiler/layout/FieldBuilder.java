package dev.tracery.compiler.layout;

import dev.tracery.compiler.syntax.DeclaredType;
import dev.tracery.compiler.syntax.DiagnosticCode;
import dev.tracery.compiler.syntax.FieldSyntax;
import dev.tracery.compiler.syntax.Problems;
import dev.tracery.compiler.syntax.Storage;
import dev.tracery.compiler.syntax.TypeRule;
import dev.tracery.compiler.syntax.TypeRule.Shape;
import dev.tracery.model.WordSize;
import java.util.List;
import java.util.Optional;

/// Decides what one field line means: kind, placement, element size. The columns are the truth; the
/// C type is asked only for what they do not tell.
final class FieldBuilder {

  private static final Optional<Boolean> SIGNED = Optional.of(true);
  private static final Optional<Boolean> UNSIGNED = Optional.of(false);

  private final WordSize wordSize;
  private final Problems problems;

  FieldBuilder(WordSize wordSize, Problems problems) {
    this.wordSize = wordSize;
    this.problems = problems;
  }

  /// Builds a field.
  ///
  /// @param bitmask whether the print format prints the field as a set of bits
  /// @param symbols the names of its values
  Field build(FieldSyntax field, int occurrence, boolean bitmask, List<SymbolTable> symbols) {
    DeclaredType type = field.type();
    TypeRule rule = type.pointer() ? TypeRule.POINTER : TypeRule.of(type.base());
    Placement placement = placement(field);
    Value value = value(field, rule, placement, bitmask);
    return new Field(
        field.name(),
        occurrence,
        type.text(),
        field.offset(),
        field.size(),
        switch (field.sign()) {
          case 0 -> UNSIGNED;
          case 1 -> SIGNED;
          default -> Optional.empty();
        },
        value.kind,
        placement,
        value.elementSize,
        isWide(value, rule),
        symbols);
  }

  private record Value(FieldKind kind, int elementSize) {
    static final Value STRING = new Value(FieldKind.STRING, 1);
    static final Value BYTES = new Value(FieldKind.BYTES, 1);
    static final Value BOOL = new Value(FieldKind.BOOL, 1);
  }

  private Placement placement(FieldSyntax field) {
    Storage storage = field.type().storage();
    if (storage == Storage.PLAIN) {
      return field.size() == 0 && field.type().array() ? Placement.REST : Placement.FIXED;
    }
    // Why 2 and 8: the oldest kernels' location word has the offset alone, and synthetic events
    // keep
    // the word in the first 4 bytes of a slot of 8 (kernel/trace/trace_events_synth.c, Linux 6.1).
    if (field.size() != 4 && field.size() != 8 && field.size() != 2) {
      problems.report(
          DiagnosticCode.FIELD_SIZE_ODD,
          field.at(),
          "expected a location word of 4 bytes but "
              + field.name()
              + " has "
              + field.size()
              + "; it is read as bytes");
      return Placement.FIXED;
    }
    return storage == Storage.DATA_LOC ? Placement.DATA_LOC : Placement.REL_LOC;
  }

  private Value value(FieldSyntax field, TypeRule rule, Placement placement, boolean bitmask) {
    DeclaredType type = field.type();
    if (placement == Placement.FIXED && type.storage() != Storage.PLAIN) {
      return Value.BYTES;
    }
    if (rule.shape() == Shape.BITMASK || bitmask && placement != Placement.FIXED) {
      return bitmask(field, placement);
    }
    if (placement != Placement.FIXED || type.array()) {
      return array(field, rule, placement);
    }
    if (rule.shape() == Shape.OPAQUE) {
      return Value.BYTES;
    }
    if (rule.shape() == Shape.BOOL && field.size() == 1) {
      return Value.BOOL;
    }
    if (!isIntegerSize(field.size())) {
      problems.report(
          DiagnosticCode.FIELD_SIZE_ODD,
          field.at(),
          field.name()
              + " of type "
              + type.text()
              + " has "
              + field.size()
              + " bytes, which is no integer's size; it is read as bytes");
      return Value.BYTES;
    }
    return new Value(isSigned(field, rule) ? FieldKind.SIGNED : FieldKind.UNSIGNED, field.size());
  }

  private Value bitmask(FieldSyntax field, Placement placement) {
    if (placement == Placement.FIXED && field.size() % wordSize.bytes() != 0) {
      problems.report(
          DiagnosticCode.FIELD_SIZE_ODD,
          field.at(),
          field.name()
              + " has "
              + field.size()
              + " bytes, which is no multiple of the word size "
              + wordSize.bytes()
              + "; it is read as bytes");
      return Value.BYTES;
    }
    return new Value(FieldKind.BITMASK, wordSize.bytes());
  }

  private Value array(FieldSyntax field, TypeRule rule, Placement placement) {
    return switch (rule.shape()) {
      case CHARACTER -> Value.STRING;
      case BYTE, OPAQUE -> Value.BYTES;
      case BOOL, INTEGER, BITMASK -> {
        int elementSize =
            placement == Placement.FIXED ? fixedElementSize(field, rule) : rule.sizeFor(wordSize);
        if (elementSize == 0) {
          problems.report(
              DiagnosticCode.FIELD_ELEMENT_UNKNOWN,
              field.at(),
              "how large the elements of "
                  + field.name()
                  + " are, whose type is "
                  + field.type().text()
                  + ", is not known; it is read as bytes");
          yield Value.BYTES;
        }
        yield new Value(
            isSigned(field, rule) ? FieldKind.SIGNED_ARRAY : FieldKind.UNSIGNED_ARRAY, elementSize);
      }
    };
  }

  /// The element size of an array with a size column; 0 if nothing tells it.
  private int fixedElementSize(FieldSyntax field, TypeRule rule) {
    int size = field.size();
    int count = field.type().count();
    if (count > 0 && size % count == 0 && isIntegerSize(size / count)) {
      return size / count;
    }
    int byType = rule.sizeFor(wordSize);
    if (byType != 0 && size % byType == 0) {
      return byType;
    }
    // Why: `nid_t nid[3]` with size 4 is one element (f2fs, Linux 5.10).
    return isIntegerSize(size) ? size : 0;
  }

  private static boolean isSigned(FieldSyntax field, TypeRule rule) {
    return field.sign() < 0 ? rule.signed() : field.sign() == 1;
  }

  private static boolean isWide(Value value, TypeRule rule) {
    return switch (value.kind) {
      case SIGNED, UNSIGNED, SIGNED_ARRAY, UNSIGNED_ARRAY -> value.elementSize == 8 || rule.wide();
      case BITMASK -> true;
      case BOOL, STRING, BYTES -> false;
    };
  }

  private static boolean isIntegerSize(int size) {
    return size == 1 || size == 2 || size == 4 || size == 8;
  }
}
