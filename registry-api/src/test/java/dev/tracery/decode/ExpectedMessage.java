package dev.tracery.decode;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.tracery.v1.Arithmetic;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.DecodePlan;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a plan makes of a record, by other means: slices of the record, [BigInteger], Java's UTF-8
/// decoder and protobuf's own messages. Java's decoder replaces surrogates by other rules, so
/// records must not have the byte 0xed.
public final class ExpectedMessage {

  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

  private ExpectedMessage() {}

  /// A message type with a field of 64 bits for each integer of the plan.
  public static Descriptor type(DecodePlan plan) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName("M");
    for (DecodeOperation operation : plan.getOperationsList()) {
      boolean repeated =
          switch (operation.getConversion()) {
            case CONVERSION_INTEGERS, CONVERSION_BITMASK -> true;
            default -> false;
          };
      message.addField(
          FieldDescriptorProto.newBuilder()
              .setName("f" + operation.getFieldNumber())
              .setNumber(operation.getFieldNumber())
              .setLabel(repeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL)
              .setType(
                  switch (operation.getConversion()) {
                    case CONVERSION_BOOL -> Type.TYPE_BOOL;
                    case CONVERSION_STRING -> Type.TYPE_STRING;
                    case CONVERSION_BYTES -> Type.TYPE_BYTES;
                    case CONVERSION_BITMASK -> Type.TYPE_UINT64;
                    default -> operation.getSigned() ? Type.TYPE_INT64 : Type.TYPE_UINT64;
                  }));
    }
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("m.proto")
            .setSyntax("proto3")
            .addMessageType(message)
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0]).getMessageTypes().getFirst();
    } catch (DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }

  public static DynamicMessage of(DecodePlan plan, byte[] record, Descriptor type) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    for (DecodeOperation operation : plan.getOperationsList()) {
      FieldDescriptor field = type.findFieldByNumber(operation.getFieldNumber());
      value(plan, operation, record)
          .flatMap(value -> converted(plan, operation, value))
          .ifPresent(value -> message.setField(field, value));
    }
    return message.build();
  }

  /// The bytes of a field's value; empty where it has none.
  public static Optional<byte[]> value(DecodePlan plan, DecodeOperation operation, byte[] record) {
    int offset = operation.getOffset();
    int end = offset + operation.getSize();
    if (end > record.length) {
      return Optional.empty();
    }
    return switch (operation.getPlacement()) {
      case PLACEMENT_FIXED -> slice(record, offset, end);
      case PLACEMENT_REST -> slice(record, offset, record.length);
      case PLACEMENT_DATA_LOC -> located(plan, operation, record, 0);
      case PLACEMENT_REL_LOC -> located(plan, operation, record, end);
      default -> throw new AssertionError();
    };
  }

  private static Optional<byte[]> located(
      DecodePlan plan, DecodeOperation operation, byte[] record, int base) {
    int offset = operation.getOffset();
    byte[] word = Arrays.copyOfRange(record, offset, offset + operation.getSize());
    int location = integer(plan, word, false).intValue();
    int from = base + (location & 0xffff);
    int to = word.length == 2 ? record.length : from + (location >>> 16);
    return slice(record, from, to);
  }

  private static Optional<byte[]> slice(byte[] record, int from, int to) {
    return from <= to && to <= record.length
        ? Optional.of(Arrays.copyOfRange(record, from, to))
        : Optional.empty();
  }

  /// What is made of those bytes: a [Long], [Boolean], [String] or [ByteString], or a list of
  /// [Long]; empty where they are too few.
  public static Optional<Object> converted(
      DecodePlan plan, DecodeOperation operation, byte[] value) {
    int size = operation.getElementSize();
    return switch (operation.getConversion()) {
      case CONVERSION_INTEGER ->
          slice(value, 0, size).map(bytes -> computed(plan, operation, bytes).longValue());
      case CONVERSION_BOOL ->
          slice(value, 0, size).map(bytes -> integer(plan, bytes, false).signum() != 0);
      case CONVERSION_STRING -> {
        String text = new String(value, StandardCharsets.UTF_8);
        yield Optional.of(text.indexOf(0) < 0 ? text : text.substring(0, text.indexOf(0)));
      }
      case CONVERSION_BYTES -> Optional.of(ByteString.copyFrom(value));
      case CONVERSION_INTEGERS -> Optional.of(integers(plan, value, size, operation.getSigned()));
      case CONVERSION_BITMASK -> Optional.of(mask(integers(plan, value, size, false), size));
      default -> throw new AssertionError();
    };
  }

  private static List<Long> integers(DecodePlan plan, byte[] value, int size, boolean signed) {
    List<Long> integers = new ArrayList<>();
    for (int at = 0; at + size <= value.length; at += size) {
      integers.add(integer(plan, Arrays.copyOfRange(value, at, at + size), signed).longValue());
    }
    return integers;
  }

  private static List<Long> mask(List<Long> words, int size) {
    BigInteger all = BigInteger.ZERO;
    for (int i = 0; i < words.size(); i++) {
      BigInteger word = BigInteger.valueOf(words.get(i)).mod(BigInteger.ONE.shiftLeft(8 * size));
      all = all.or(word.shiftLeft(8 * size * i));
    }
    List<Long> out = new ArrayList<>();
    for (int i = 0; i * 8 < words.size() * size; i++) {
      out.add(all.shiftRight(64 * i).longValue());
    }
    return out;
  }

  private static BigInteger computed(DecodePlan plan, DecodeOperation operation, byte[] bytes) {
    boolean signed = operation.getSigned();
    BigInteger value = integer(plan, bytes, signed);
    if (!operation.hasArithmetic()) {
      return value;
    }
    Arithmetic arithmetic = operation.getArithmetic();
    value = value.shiftRight(arithmetic.getShiftRight());
    if (arithmetic.getMask() != 0) {
      value = wrapped(value.and(wrapped(BigInteger.valueOf(arithmetic.getMask()), false)), signed);
    }
    if (arithmetic.getMultiply() != 0) {
      value = wrapped(value.multiply(BigInteger.valueOf(arithmetic.getMultiply())), signed);
    }
    if (arithmetic.getDivide() != 0) {
      value = value.divide(wrapped(BigInteger.valueOf(arithmetic.getDivide()), signed));
    }
    return value.add(BigInteger.valueOf(arithmetic.getAdd()));
  }

  /// The value that 64 bits hold of it.
  private static BigInteger wrapped(BigInteger value, boolean signed) {
    return signed ? BigInteger.valueOf(value.longValue()) : value.mod(TWO_64);
  }

  private static BigInteger integer(DecodePlan plan, byte[] bytes, boolean signed) {
    byte[] big = bytes.clone();
    if (plan.getByteOrder() == ByteOrder.BYTE_ORDER_LITTLE_ENDIAN) {
      for (int i = 0; i < bytes.length; i++) {
        big[i] = bytes[bytes.length - 1 - i];
      }
    }
    return signed ? new BigInteger(big) : new BigInteger(1, big);
  }
}
