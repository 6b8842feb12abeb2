package dev.tracery.decode;

import dev.tracery.translator.EventTranslator;
import dev.tracery.translator.Utf8;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodePlan;
import java.util.List;

/// Runs a decode plan as `decode.proto` describes it, operation by operation: the reference that
/// generated classes are tested against. Thread-safe; allocates nothing per record.
public final class PlanInterpreter implements EventTranslator {

  private final FieldReader[] readers;

  /// @throws IllegalArgumentException if an operation is not as `decode.proto` says
  public PlanInterpreter(DecodePlan plan) {
    this(FieldReader.of(plan));
  }

  /// @param readers of one plan, in the order of the fields' numbers
  public PlanInterpreter(List<FieldReader> readers) {
    this.readers = readers.toArray(FieldReader[]::new);
  }

  @Override
  public int maxMessageSize(int recordLength) {
    long size = 0;
    for (FieldReader reader : readers) {
      size += reader.move().maxBytes(recordLength);
    }
    return (int) Math.min(size, Integer.MAX_VALUE);
  }

  @Override
  public int translate(byte[] bytes, int offset, int length, byte[] out, int position) {
    int at = position;
    for (FieldReader reader : readers) {
      long range = reader.find(bytes, offset, length);
      if (range != FieldReader.NO_VALUE) {
        at = convert(reader, bytes, range, out, at);
      }
    }
    return at;
  }

  private static int convert(
      FieldReader reader, byte[] bytes, long range, byte[] out, int position) {
    long tag = reader.tag;
    if (reader.conversion == Conversion.CONVERSION_INTEGER) {
      return scalar(tag, reader.integer(bytes, range), out, position);
    }
    int from = FieldReader.from(range);
    int to = FieldReader.to(range);
    return switch (reader.conversion) {
      case CONVERSION_BOOL -> scalar(tag, reader.integer(bytes, range) == 0 ? 0 : 1, out, position);
      case CONVERSION_STRING -> string(tag, bytes, from, to, out, position);
      case CONVERSION_BYTES -> bytes(tag, bytes, from, to, out, position);
      case CONVERSION_INTEGERS, CONVERSION_BITMASK -> packed(reader, bytes, range, out, position);
      case CONVERSION_INTEGER, CONVERSION_UNSPECIFIED, UNRECOGNIZED ->
          throw new AssertionError(reader.move());
    };
  }

  private static int scalar(long tag, long value, byte[] out, int position) {
    return value == 0 ? position : varint(value, out, varint(tag, out, position));
  }

  private static int string(long tag, byte[] bytes, int from, int to, byte[] out, int position) {
    int end = from;
    int highBits = 0;
    while (end < to && bytes[end] != 0) {
      highBits |= bytes[end++];
    }
    if (highBits >= 0) {
      // ASCII alone is well-formed.
      return bytes(tag, bytes, from, end, out, position);
    }
    int length = Utf8.validLength(bytes, from, end);
    int at = varint(length, out, varint(tag, out, position));
    return Utf8.copy(bytes, from, end, out, at);
  }

  private static int bytes(long tag, byte[] bytes, int from, int to, byte[] out, int position) {
    int length = to - from;
    if (length == 0) {
      return position;
    }
    int at = varint(length, out, varint(tag, out, position));
    System.arraycopy(bytes, from, out, at, length);
    return at + length;
  }

  private static int packed(
      FieldReader reader, byte[] bytes, long range, byte[] out, int position) {
    int count = reader.count(range);
    if (count == 0) {
      return position;
    }
    int packed = 0;
    for (int i = 0; i < count; i++) {
      packed += varintSize(reader.element(bytes, range, i));
    }
    int at = varint(packed, out, varint(reader.tag, out, position));
    for (int i = 0; i < count; i++) {
      at = varint(reader.element(bytes, range, i), out, at);
    }
    return at;
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
