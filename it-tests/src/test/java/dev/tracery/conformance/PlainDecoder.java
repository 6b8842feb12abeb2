package dev.tracery.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.tracery.conformance.v1.FieldValue;
import dev.tracery.conformance.v1.SignedList;
import dev.tracery.conformance.v1.UnsignedList;
import dev.tracery.v1.Arithmetic;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.EventFieldOptions;
import dev.tracery.v1.OptionsProto;
import dev.tracery.v1.Placement;
import dev.tracery.v1.SymbolTable;
import dev.tracery.v1.WordSize;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// The values of a record's fields as `decode.proto` says them, by other means than the project's
/// interpreter: copies of the bytes and [BigInteger].
final class PlainDecoder {

  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

  private final DecodePlan plan;
  private final Map<Integer, EventFieldOptions> fields;
  private final List<DecodeOperation> operations;

  PlainDecoder(DecodePlan plan, FileDescriptorProto file) {
    this.plan = plan;
    this.fields =
        file.getMessageType(0).getFieldList().stream()
            .collect(
                Collectors.toMap(
                    FieldDescriptorProto::getNumber,
                    field -> field.getOptions().getExtension(OptionsProto.eventField)));
    this.operations =
        plan.getOperationsList().stream()
            .sorted(Comparator.comparingInt(DecodeOperation::getFieldNumber))
            .toList();
  }

  /// The fields that have a value, in the order of their numbers.
  List<FieldValue> values(byte[] record) {
    List<FieldValue> values = new ArrayList<>();
    for (DecodeOperation operation : operations) {
      bytes(operation, record)
          .flatMap(bytes -> value(operation, bytes))
          .ifPresent(value -> values.add(value.build()));
    }
    return values;
  }

  private Optional<byte[]> bytes(DecodeOperation operation, byte[] record) {
    int offset = operation.getOffset();
    int size = operation.getSize();
    return switch (operation.getPlacement()) {
      case PLACEMENT_FIXED -> slice(record, offset, offset + size);
      case PLACEMENT_REST -> slice(record, offset, record.length);
      case PLACEMENT_DATA_LOC, PLACEMENT_REL_LOC ->
          slice(record, offset, offset + size)
              .flatMap(word -> {
                int location = integer(word, false).intValue();
                boolean isRelative = operation.getPlacement() == Placement.PLACEMENT_REL_LOC;
                int from = (isRelative ? offset + size : 0) + (location & 0xffff);
                return slice(record, from, size == 2 ? record.length : from + (location >>> 16));
              });
      default -> throw new AssertionError(operation);
    };
  }

  private static Optional<byte[]> slice(byte[] bytes, int from, int to) {
    return from <= to && to <= bytes.length
        ? Optional.of(Arrays.copyOfRange(bytes, from, to))
        : Optional.empty();
  }

  private Optional<FieldValue.Builder> value(DecodeOperation operation, byte[] bytes) {
    EventFieldOptions field = Objects.requireNonNull(fields.get(operation.getFieldNumber()));
    FieldValue.Builder value =
        FieldValue.newBuilder()
            .setNumber(operation.getFieldNumber())
            .setName(field.getName())
            .setOccurrence(field.getOccurrence());
    int size = operation.getElementSize();
    return switch (operation.getConversion()) {
      case CONVERSION_INTEGER ->
          slice(bytes, 0, size).map(first -> integer(operation, field, first, value));
      case CONVERSION_BOOL ->
          slice(bytes, 0, size).map(first -> value.setBoolean(integer(first, false).signum() != 0));
      case CONVERSION_STRING -> Optional.of(value.setText(PlainText.of(bytes)));
      case CONVERSION_BYTES -> Optional.of(value.setData(ByteString.copyFrom(bytes)));
      case CONVERSION_INTEGERS ->
          Optional.of(
              operation.getSigned()
                  ? value.setSignedList(
                      SignedList.newBuilder().addAllValues(integers(bytes, size, true)))
                  : value.setUnsignedList(
                      UnsignedList.newBuilder().addAllValues(integers(bytes, size, false))));
      case CONVERSION_BITMASK ->
          Optional.of(
              value.setUnsignedList(UnsignedList.newBuilder().addAllValues(mask(bytes, size))));
      default -> throw new AssertionError(operation);
    };
  }

  private FieldValue.Builder integer(
      DecodeOperation operation, EventFieldOptions field, byte[] bytes, FieldValue.Builder value) {
    BigInteger number = computed(operation, integer(bytes, operation.getSigned()));
    if (operation.getSigned()) {
      value.setSignedInteger(number.longValueExact());
    } else {
      value.setUnsignedInteger(number.longValue());
    }
    boolean is64 = plan.getWordSize() == WordSize.WORD_SIZE_64 || operation.getElementSize() == 8;
    for (SymbolTable table : field.getSymbolsList()) {
      value.addSymbols(PlainSymbols.of(table, number, is64 ? 64 : 32));
    }
    return value;
  }

  private static BigInteger computed(DecodeOperation operation, BigInteger raw) {
    if (!operation.hasArithmetic()) {
      return raw;
    }
    boolean signed = operation.getSigned();
    Arithmetic arithmetic = operation.getArithmetic();
    BigInteger value = raw.shiftRight(arithmetic.getShiftRight());
    if (arithmetic.getMask() != 0) {
      value = wrapped(value.and(wrapped(BigInteger.valueOf(arithmetic.getMask()), false)), signed);
    }
    if (arithmetic.getMultiply() != 0) {
      value = wrapped(value.multiply(BigInteger.valueOf(arithmetic.getMultiply())), signed);
    }
    if (arithmetic.getDivide() != 0) {
      // BigInteger rounds towards zero.
      value = value.divide(wrapped(BigInteger.valueOf(arithmetic.getDivide()), signed));
    }
    return wrapped(value.add(BigInteger.valueOf(arithmetic.getAdd())), signed);
  }

  /// The number that 64 bits hold of it.
  private static BigInteger wrapped(BigInteger value, boolean signed) {
    return signed ? BigInteger.valueOf(value.longValue()) : value.mod(TWO_64);
  }

  private List<Long> integers(byte[] bytes, int size, boolean signed) {
    List<Long> integers = new ArrayList<>();
    for (int at = 0; at + size <= bytes.length; at += size) {
      integers.add(integer(Arrays.copyOfRange(bytes, at, at + size), signed).longValue());
    }
    return integers;
  }

  private List<Long> mask(byte[] bytes, int size) {
    BigInteger all = BigInteger.ZERO;
    int words = bytes.length / size;
    for (int i = words - 1; i >= 0; i--) {
      byte[] word = Arrays.copyOfRange(bytes, i * size, (i + 1) * size);
      all = all.shiftLeft(8 * size).or(integer(word, false));
    }
    List<Long> out = new ArrayList<>();
    for (int i = 0; 8 * i < words * size; i++) {
      out.add(all.shiftRight(64 * i).longValue());
    }
    return out;
  }

  private BigInteger integer(byte[] bytes, boolean signed) {
    byte[] highestFirst = bytes.clone();
    if (plan.getByteOrder() == ByteOrder.BYTE_ORDER_LITTLE_ENDIAN) {
      for (int i = 0; i < bytes.length; i++) {
        highestFirst[i] = bytes[bytes.length - 1 - i];
      }
    }
    return signed ? new BigInteger(highestFirst) : new BigInteger(1, highestFirst);
  }

  static boolean isList(Conversion conversion) {
    return conversion == Conversion.CONVERSION_INTEGERS
        || conversion == Conversion.CONVERSION_BITMASK;
  }
}
