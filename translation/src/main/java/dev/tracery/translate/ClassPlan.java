package dev.tracery.translate;

import dev.tracery.decode.Move;
import dev.tracery.model.Sha256;
import dev.tracery.v1.Arithmetic;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.Placement;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a generated class does: a decode plan without the names of what it is for. Layouts whose
/// records are read alike, such as those of many system calls, share one class.
///
/// @param moves those that can have a value, in the order of the message's fields
record ClassPlan(boolean bigEndian, List<Move> moves) {

  private static final String PACKAGE = "dev.tracery.generated";
  private static final int NAME_DIGITS = 32;

  ClassPlan {
    moves = List.copyOf(moves);
  }

  /// @throws IllegalArgumentException if an operation is not as `decode.proto` says
  static ClassPlan of(DecodePlan plan) {
    return new ClassPlan(
        plan.getByteOrder() == ByteOrder.BYTE_ORDER_BIG_ENDIAN,
        Move.of(plan).stream().filter(Move::canHaveValue).toList());
  }

  /// The name of the class, which is that of its content: equal plans have equal names.
  String className() {
    String digits = Sha256.of(toString().getBytes(StandardCharsets.UTF_8)).hex();
    return PACKAGE + ".T" + digits.substring(0, NAME_DIGITS);
  }

  /// How long a record must be to have a value for every move of fixed offset, and a location word
  /// for the others.
  int neededLength() {
    return moves.stream().mapToInt(Move::end).max().orElse(0);
  }

  /// The part of a message's size that does not depend on the record's length.
  int constantSize() {
    return Math.toIntExact(
        moves.stream()
            .mapToLong(move ->
                move.placement() == Placement.PLACEMENT_FIXED
                    ? move.maxBytes(Move.MAX_OFFSET)
                    : move.maxBytes(0))
            .sum());
  }

  /// How many bytes of the message a byte of the record can become, since in damaged records
  /// several locations can point to the same bytes.
  int growth() {
    return moves.stream()
        .filter(move -> move.placement() != Placement.PLACEMENT_FIXED)
        .mapToInt(Move::maxGrowth)
        .sum();
  }

  /// A line for each move.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(bigEndian ? "big-endian\n" : "little-endian\n");
    for (Move move : moves) {
      out.append(move.fieldNumber()).append(": ");
      out.append(move.conversion()).append(' ').append(move.placement());
      out.append(" at ").append(move.offset()).append(" size ").append(move.size());
      out.append(" of ").append(move.elementSize()).append(move.signed() ? " signed" : "");
      Arithmetic arithmetic = move.arithmetic();
      if (arithmetic != null) {
        out.append(" >> ").append(arithmetic.getShiftRight());
        out.append(" & ").append(arithmetic.getMask());
        out.append(" * ").append(arithmetic.getMultiply());
        out.append(" / ").append(arithmetic.getDivide());
        out.append(" + ").append(arithmetic.getAdd());
      }
      out.append('\n');
    }
    return out.toString();
  }
}
