package dev.tracery.decode;

import static java.lang.invoke.MethodHandles.byteArrayViewVarHandle;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.tracery.v1.Arithmetic;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.Placement;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds and reads the value of one field in records of one layout, as `decode.proto` describes it.
/// Never reads outside the record. Immutable, so that any threads may use it; allocates nothing.
///
/// A *range* is two positions in one number, where a value begins and where it ends.
public final class FieldReader {

  /// What [#find] returns where the field has no value.
  public static final long NO_VALUE = -1;

  private static final VarHandle LITTLE_16 = byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);
  private static final VarHandle LITTLE_32 = byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
  private static final VarHandle LITTLE_64 = byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);
  private static final VarHandle BIG_16 = byteArrayViewVarHandle(short[].class, BIG_ENDIAN);
  private static final VarHandle BIG_32 = byteArrayViewVarHandle(int[].class, BIG_ENDIAN);
  private static final VarHandle BIG_64 = byteArrayViewVarHandle(long[].class, BIG_ENDIAN);

  private static final int MASK_WORD = 8;

  private final Move move;
  private final boolean bigEndian;

  // The move's, so that nothing is asked for on the hot path.
  final Conversion conversion;
  final long tag;
  private final Placement placement;
  private final int offset;
  private final int end;
  private final int size;
  private final int elementSize;
  private final boolean signed;
  private final boolean mask;
  private final int neededBytes;
  private final @Nullable Arithmetic arithmetic;

  private FieldReader(Move move, boolean bigEndian) {
    this.move = move;
    this.bigEndian = bigEndian;
    this.conversion = move.conversion();
    this.tag = move.tag();
    this.placement = move.placement();
    this.offset = move.offset();
    this.end = move.end();
    this.size = move.size();
    this.elementSize = move.elementSize();
    this.mask = move.conversion() == Conversion.CONVERSION_BITMASK;
    // Why without a sign: of a bool any bit counts, and words are bits.
    this.signed = move.signed() && move.conversion() != Conversion.CONVERSION_BOOL && !mask;
    this.neededBytes =
        switch (move.conversion()) {
          case CONVERSION_INTEGER, CONVERSION_BOOL -> elementSize;
          default -> 0;
        };
    this.arithmetic = move.conversion() == Conversion.CONVERSION_INTEGER ? move.arithmetic() : null;
  }

  /// One for each operation of a plan, in the order of the fields' numbers.
  ///
  /// @throws IllegalArgumentException if the plan is not as `decode.proto` says; the message tells
  ///   which operation and why
  public static List<FieldReader> of(DecodePlan plan) {
    List<Move> moves = Move.of(plan);
    boolean bigEndian = plan.getByteOrder() == ByteOrder.BYTE_ORDER_BIG_ENDIAN;
    return moves.stream().map(move -> new FieldReader(move, bigEndian)).toList();
  }

  /// What it reads.
  public Move move() {
    return move;
  }

  /// Where a record has the value; [#NO_VALUE] if it is too short, or points outside of itself. Of
  /// an integer there are at least its bytes; all else may be empty.
  ///
  /// @param bytes holds the record, among others
  /// @param record where it begins, at its `common_type`
  /// @param length how many bytes it has
  public long find(byte[] bytes, int record, int length) {
    if (length < end) {
      return NO_VALUE;
    }
    int from;
    int to;
    if (placement == Placement.PLACEMENT_FIXED) {
      from = offset;
      to = end;
    } else if (placement == Placement.PLACEMENT_REST) {
      from = offset;
      to = length;
    } else {
      int location = (int) number(bytes, record + offset, size, false);
      from = (placement == Placement.PLACEMENT_REL_LOC ? end : 0) + (location & 0xffff);
      to = size == 2 ? length : from + (location >>> 16);
      if (from > to || to > length) {
        return NO_VALUE;
      }
    }
    return to - from < neededBytes ? NO_VALUE : (long) (record + from) << 32 | (record + to);
  }

  /// Where a range begins.
  public static int from(long range) {
    return (int) (range >>> 32);
  }

  /// Where a range ends.
  public static int to(long range) {
    return (int) range;
  }

  /// The integer of a field whose conversion is an integer, after its arithmetic; of a bool what is
  /// not 0 if it is true.
  ///
  /// @param range what [#find] returned
  public long integer(byte[] bytes, long range) {
    long value = number(bytes, from(range), elementSize, signed);
    return arithmetic == null ? value : computed(arithmetic, signed, value);
  }

  /// How many integers a field has whose conversion is integers, or 64-bit words a bitmask.
  public int count(long range) {
    int whole = (to(range) - from(range)) / elementSize;
    return mask ? (whole * elementSize + MASK_WORD - 1) / MASK_WORD : whole;
  }

  /// One of the [#count] integers, or words of a bitmask, of which the lowest is the first.
  public long element(byte[] bytes, long range, int index) {
    int from = from(range);
    return mask
        ? maskWord(bytes, from + index * MASK_WORD, to(range))
        : number(bytes, from + index * elementSize, elementSize, signed);
  }

  /// The 64 bits that the words from `from` on hold, the lowest first; what is behind `to` is 0,
  /// and so is what is no whole word.
  private long maskWord(byte[] bytes, int from, int to) {
    long word = 0;
    for (int i = 0; i < MASK_WORD && from + i + elementSize <= to; i += elementSize) {
      word |= number(bytes, from + i, elementSize, false) << 8 * i;
    }
    return word;
  }

  private static long computed(Arithmetic arithmetic, boolean signed, long raw) {
    long value = signed ? raw >> arithmetic.getShiftRight() : raw >>> arithmetic.getShiftRight();
    if (arithmetic.getMask() != 0) {
      value &= arithmetic.getMask();
    }
    if (arithmetic.getMultiply() != 0) {
      value *= arithmetic.getMultiply();
    }
    if (arithmetic.getDivide() != 0) {
      value =
          signed
              ? value / arithmetic.getDivide()
              : Long.divideUnsigned(value, arithmetic.getDivide());
    }
    return value + arithmetic.getAdd();
  }

  private long number(byte[] bytes, int from, int size, boolean signed) {
    long value =
        switch (size) {
          case 1 -> bytes[from];
          case 2 ->
              bigEndian ? (short) BIG_16.get(bytes, from) : (short) LITTLE_16.get(bytes, from);
          case 4 -> bigEndian ? (int) BIG_32.get(bytes, from) : (int) LITTLE_32.get(bytes, from);
          case 8 -> bigEndian ? (long) BIG_64.get(bytes, from) : (long) LITTLE_64.get(bytes, from);
          default -> throw new AssertionError(size);
        };
    int unused = 64 - 8 * size;
    return signed ? value : value << unused >>> unused;
  }
}
