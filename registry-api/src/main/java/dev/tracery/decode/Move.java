package dev.tracery.decode;

import dev.tracery.v1.Arithmetic;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.Placement;
import dev.tracery.v1.WordSize;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One operation of a decode plan that was found to be one: what is interpreted, and what classes
/// are generated from. The words are those of `decode.proto`.
///
/// @param fieldNumber of the message's field
/// @param placement where the value lies
/// @param conversion what is made of it
/// @param offset of the value, or of the location word
/// @param size of the value; of the location word; 0 for a rest
/// @param elementSize of one integer; means nothing for strings and bytes
/// @param signed whether integers are extended with their sign
/// @param arithmetic null for none
/// @param tag the field's number and wire type, as one number before it is a varint
public record Move(
    int fieldNumber,
    Placement placement,
    Conversion conversion,
    int offset,
    int size,
    int elementSize,
    boolean signed,
    @Nullable Arithmetic arithmetic,
    long tag) {

  /// No sub-buffer is larger, so no plan has a reason to look further (`RB_WRITE_MASK`,
  /// kernel/trace/ring_buffer.c).
  public static final int MAX_OFFSET = 1 << 20;

  /// The longest message that values of fixed size may make.
  private static final int MAX_FIXED_BYTES = 1 << 28;

  private static final int MAX_FIELD_NUMBER = (1 << 29) - 1;
  private static final int LONGEST_VARINT = 10;
  private static final int LONGEST_LENGTH = 5;

  /// The operations of a plan, in the order in which the message has its fields.
  ///
  /// @throws IllegalArgumentException if one is not as `decode.proto` says, if two are for one
  ///   field, or if byte order or word size are unknown
  public static List<Move> of(DecodePlan plan) {
    if (plan.getByteOrder() != ByteOrder.BYTE_ORDER_LITTLE_ENDIAN
        && plan.getByteOrder() != ByteOrder.BYTE_ORDER_BIG_ENDIAN) {
      throw new IllegalArgumentException("the plan of " + plan.getEvent() + " has no byte order");
    }
    if (plan.getWordSize() != WordSize.WORD_SIZE_32
        && plan.getWordSize() != WordSize.WORD_SIZE_64) {
      throw new IllegalArgumentException("the plan of " + plan.getEvent() + " has no word size");
    }
    List<Move> moves =
        plan.getOperationsList().stream()
            .map(operation -> of(plan, operation))
            .sorted(Comparator.comparingInt(Move::fieldNumber))
            .toList();
    for (int i = 1; i < moves.size(); i++) {
      if (moves.get(i).fieldNumber() == moves.get(i - 1).fieldNumber()) {
        throw new IllegalArgumentException(
            "the plan of %s has two operations for the field %d"
                .formatted(plan.getEvent(), moves.get(i).fieldNumber()));
      }
    }
    if (moves.stream().mapToLong(move -> move.maxBytes(MAX_OFFSET)).sum() > MAX_FIXED_BYTES) {
      throw new IllegalArgumentException(
          "the plan of " + plan.getEvent() + " makes messages of more than 256 MiB");
    }
    return moves;
  }

  private static Move of(DecodePlan plan, DecodeOperation operation) {
    Move move =
        new Move(
            operation.getFieldNumber(),
            operation.getPlacement(),
            operation.getConversion(),
            operation.getOffset(),
            operation.getSize(),
            operation.getElementSize(),
            operation.getSigned(),
            operation.hasArithmetic() ? operation.getArithmetic() : null,
            tag(operation));
    String problem = move.problem();
    if (problem != null) {
      throw new IllegalArgumentException(
          "the plan of %s has an operation %s: %s"
              .formatted(
                  plan.getEvent(), problem, operation.toString().replace("\n", " ").strip()));
    }
    return move;
  }

  private @Nullable String problem() {
    if (fieldNumber < 1 || fieldNumber > MAX_FIELD_NUMBER) {
      return "without a field number";
    }
    if (offset < 0 || offset > MAX_OFFSET || size < 0 || size > MAX_OFFSET) {
      return "outside of every record";
    }
    if (arithmetic != null && (arithmetic.getShiftRight() < 0 || arithmetic.getShiftRight() > 63)) {
      return "that shifts by more than 63 bits";
    }
    return switch (placement) {
      case PLACEMENT_FIXED, PLACEMENT_REST -> conversionProblem();
      case PLACEMENT_DATA_LOC, PLACEMENT_REL_LOC ->
          size == 4 || size == 2 ? conversionProblem() : "whose location word has not 4 bytes or 2";
      case PLACEMENT_UNSPECIFIED, UNRECOGNIZED -> "without a placement";
    };
  }

  private @Nullable String conversionProblem() {
    return switch (conversion) {
      case CONVERSION_STRING, CONVERSION_BYTES -> null;
      case CONVERSION_INTEGER, CONVERSION_BOOL, CONVERSION_INTEGERS, CONVERSION_BITMASK ->
          elementSize == 1 || elementSize == 2 || elementSize == 4 || elementSize == 8
              ? null
              : "whose integers have not 1, 2, 4 or 8 bytes";
      case CONVERSION_UNSPECIFIED, UNRECOGNIZED -> "without a conversion";
    };
  }

  /// The end of what must be in the record so that there can be a value.
  public int end() {
    return offset + size;
  }

  /// Whether there is a record of which the field has a value.
  public boolean canHaveValue() {
    return placement != Placement.PLACEMENT_FIXED
        || switch (conversion) {
          case CONVERSION_INTEGER, CONVERSION_BOOL -> size >= elementSize;
          default -> size > 0;
        };
  }

  private static long tag(DecodeOperation operation) {
    return (long) operation.getFieldNumber() << 3
        | switch (operation.getConversion()) {
          case CONVERSION_INTEGER, CONVERSION_BOOL -> 0;
          default -> 2;
        };
  }

  /// How many bytes the field can have in the message of a record of that length.
  public long maxBytes(int recordLength) {
    int tagBytes = LONGEST_LENGTH;
    if (conversion == Conversion.CONVERSION_INTEGER || conversion == Conversion.CONVERSION_BOOL) {
      return tagBytes + LONGEST_VARINT;
    }
    int lastWord = conversion == Conversion.CONVERSION_BITMASK ? LONGEST_VARINT : 0;
    return tagBytes + LONGEST_LENGTH + lastWord + (long) maxGrowth() * maxLength(recordLength);
  }

  /// How many bytes the value can have.
  public int maxLength(int recordLength) {
    return placement == Placement.PLACEMENT_FIXED ? Math.min(size, recordLength) : recordLength;
  }

  /// How many bytes of the message a byte of the record can become.
  public int maxGrowth() {
    return switch (conversion) {
      case CONVERSION_STRING -> 3;
      case CONVERSION_INTEGERS -> Math.ceilDiv(LONGEST_VARINT, elementSize);
      case CONVERSION_BITMASK -> 2;
      default -> 1;
    };
  }
}
