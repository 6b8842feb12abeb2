package dev.tracery.translate;

import static java.lang.invoke.MethodHandles.byteArrayViewVarHandle;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.tracery.translator.EventTranslator;
import dev.tracery.translator.Utf8;
import dev.tracery.v1.Arithmetic;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.Placement;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Runs a decode plan as `decode.proto` describes it, operation by operation: the reference that
/// generated classes are tested against. Thread-safe; allocates nothing per record.
public final class PlanInterpreter implements EventTranslator {

  private static final VarHandle LITTLE_16 = byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);
  private static final VarHandle LITTLE_32 = byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
  private static final VarHandle LITTLE_64 = byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);
  private static final VarHandle BIG_16 = byteArrayViewVarHandle(short[].class, BIG_ENDIAN);
  private static final VarHandle BIG_32 = byteArrayViewVarHandle(int[].class, BIG_ENDIAN);
  private static final VarHandle BIG_64 = byteArrayViewVarHandle(long[].class, BIG_ENDIAN);

  private final Move[] moves;
  private final boolean bigEndian;

  /// @throws IllegalArgumentException if an operation is not as `decode.proto` says
  public PlanInterpreter(DecodePlan plan) {
    this.moves = Move.of(plan).toArray(Move[]::new);
    this.bigEndian = plan.getByteOrder() == ByteOrder.BYTE_ORDER_BIG_ENDIAN;
  }

  @Override
  public int maxMessageSize(int recordLength) {
    long size = 0;
    for (Move move : moves) {
      size += move.maxBytes(recordLength);
    }
    return (int) Math.min(size, Integer.MAX_VALUE);
  }

  @Override
  public int translate(byte[] bytes, int offset, int length, byte[] out, int position) {
    int at = position;
    for (Move move : moves) {
      if (move.end() <= length) {
        at = run(move, bytes, offset, length, out, at);
      }
    }
    return at;
  }

  /// Finds where the value lies.
  private int run(Move move, byte[] bytes, int record, int length, byte[] out, int at) {
    int word = record + move.offset();
    int end = record + length;
    if (move.placement() == Placement.PLACEMENT_FIXED) {
      return convert(move, bytes, word, word + move.size(), out, at);
    }
    return switch (move.placement()) {
      case PLACEMENT_REST -> convert(move, bytes, word, end, out, at);
      case PLACEMENT_DATA_LOC -> located(move, bytes, word, record, end, out, at);
      case PLACEMENT_REL_LOC -> located(move, bytes, word, word + move.size(), end, out, at);
      default -> throw new AssertionError(move);
    };
  }

  private int located(
      Move move, byte[] bytes, int word, int base, int end, byte[] out, int position) {
    int location = (int) integer(bytes, word, move.size(), false);
    int from = base + (location & 0xffff);
    int to = move.size() == 2 ? end : from + (location >>> 16);
    return from <= to && to <= end ? convert(move, bytes, from, to, out, position) : position;
  }

  private int convert(Move move, byte[] bytes, int from, int to, byte[] out, int position) {
    if (move.conversion() == Conversion.CONVERSION_INTEGER) {
      return scalar(move, bytes, from, to, out, position);
    }
    return switch (move.conversion()) {
      case CONVERSION_BOOL -> bool(move, bytes, from, to, out, position);
      case CONVERSION_STRING -> string(move, bytes, from, to, out, position);
      case CONVERSION_BYTES -> bytes(move, bytes, from, to, out, position);
      case CONVERSION_INTEGERS -> integers(move, bytes, from, to, out, position);
      case CONVERSION_BITMASK -> bitmask(move, bytes, from, to, out, position);
      default -> throw new AssertionError(move);
    };
  }

  private int scalar(Move move, byte[] bytes, int from, int to, byte[] out, int position) {
    if (to - from < move.elementSize()) {
      return position;
    }
    long value =
        computed(
            move.arithmetic(),
            move.signed(),
            integer(bytes, from, move.elementSize(), move.signed()));
    return value == 0 ? position : varint(value, out, varint(move.tag(), out, position));
  }

  private static long computed(@Nullable Arithmetic arithmetic, boolean signed, long raw) {
    if (arithmetic == null) {
      return raw;
    }
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

  private int bool(Move move, byte[] bytes, int from, int to, byte[] out, int position) {
    if (to - from < move.elementSize() || integer(bytes, from, move.elementSize(), false) == 0) {
      return position;
    }
    return varint(1, out, varint(move.tag(), out, position));
  }

  private static int string(Move move, byte[] bytes, int from, int to, byte[] out, int position) {
    int end = from;
    int highBits = 0;
    while (end < to && bytes[end] != 0) {
      highBits |= bytes[end++];
    }
    if (end == from) {
      return position;
    }
    if (highBits >= 0) {
      // ASCII alone is well-formed.
      return bytes(move, bytes, from, end, out, position);
    }
    int length = Utf8.validLength(bytes, from, end);
    int at = varint(length, out, varint(move.tag(), out, position));
    return Utf8.copy(bytes, from, end, out, at);
  }

  private static int bytes(Move move, byte[] bytes, int from, int to, byte[] out, int position) {
    int length = to - from;
    if (length == 0) {
      return position;
    }
    int at = varint(length, out, varint(move.tag(), out, position));
    System.arraycopy(bytes, from, out, at, length);
    return at + length;
  }

  private int integers(Move move, byte[] bytes, int from, int to, byte[] out, int position) {
    int size = move.elementSize();
    int packed = 0;
    for (int i = from; i <= to - size; i += size) {
      packed += varintSize(integer(bytes, i, size, move.signed()));
    }
    if (packed == 0) {
      return position;
    }
    int at = varint(packed, out, varint(move.tag(), out, position));
    for (int i = from; i <= to - size; i += size) {
      at = varint(integer(bytes, i, size, move.signed()), out, at);
    }
    return at;
  }

  private int bitmask(Move move, byte[] bytes, int from, int to, byte[] out, int position) {
    int size = move.elementSize();
    int end = to - (to - from) % size;
    int packed = 0;
    for (int i = from; i < end; i += 8) {
      packed += varintSize(maskWord(bytes, i, end, size));
    }
    if (packed == 0) {
      return position;
    }
    int at = varint(packed, out, varint(move.tag(), out, position));
    for (int i = from; i < end; i += 8) {
      at = varint(maskWord(bytes, i, end, size), out, at);
    }
    return at;
  }

  /// The 64 bits that the words from `from` on hold, the lowest first; what is behind `end` is 0.
  private long maskWord(byte[] bytes, int from, int end, int size) {
    long word = 0;
    for (int i = 0; i < 8 && from + i < end; i += size) {
      word |= integer(bytes, from + i, size, false) << 8 * i;
    }
    return word;
  }

  private long integer(byte[] bytes, int from, int size, boolean signed) {
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

  private static int varintSize(long value) {
    int size = 1;
    for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
      size++;
    }
    return size;
  }

  private static int varint(long value, byte[] out, int position) {
    if ((value & ~0x7fL) == 0) {
      out[position] = (byte) value;
      return position + 1;
    }
    int at = position;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
    return at;
  }
}
