package dev.tracery.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.conformance.v1.FieldValue;
import dev.tracery.conformance.v1.PlanCase;
import dev.tracery.conformance.v1.RecordCase;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.OptionsProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A plan with its records. The message's bytes are the interpreter's, the values [PlainDecoder]'s;
/// both must be what protobuf itself reads in the bytes.
final class CheckedPlan {

  private final PlanCase.Builder made;
  private final PlanInterpreter interpreter;
  private final PlainDecoder decoder;
  private final Descriptor descriptor;

  CheckedPlan(String name, DecodePlan plan, FileDescriptorProto file) {
    this.interpreter = new PlanInterpreter(plan);
    this.decoder = new PlainDecoder(plan, file);
    this.descriptor = descriptor(file);
    this.made =
        PlanCase.newBuilder()
            .setName(name)
            .setPlan(plan)
            .setFile(file.toByteString())
            .setMessageName(descriptor.getFullName());
  }

  private static Descriptor descriptor(FileDescriptorProto file) {
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[] {OptionsProto.getDescriptor()})
          .getMessageTypes()
          .getFirst();
    } catch (DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }

  CheckedPlan add(String name, byte[] record) {
    // Why room around it: what is read outside of the record is not what is expected.
    byte[] room = new byte[record.length + 64];
    Arrays.fill(room, (byte) 0x5a);
    System.arraycopy(record, 0, room, 32, record.length);
    byte[] out = new byte[interpreter.maxMessageSize(record.length)];
    int length = interpreter.translate(room, 32, record.length, out, 0);
    byte[] message = Arrays.copyOf(out, length);
    List<FieldValue> values = decoder.values(record);
    check(name, message, values);
    made.addRecords(
        RecordCase.newBuilder()
            .setName(name)
            .setRecord(ByteString.copyFrom(record))
            .setMessage(ByteString.copyFrom(message))
            .addAllFields(values));
    return this;
  }

  PlanCase build() {
    return made.build();
  }

  private void check(String name, byte[] message, List<FieldValue> values) {
    DynamicMessage read;
    try {
      read = DynamicMessage.parseFrom(descriptor, message);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(name, e);
    }
    List<Integer> numbers = new ArrayList<>();
    for (FieldValue value : values) {
      numbers.add(value.getNumber());
      FieldDescriptor field = descriptor.findFieldByNumber(value.getNumber());
      Object expected = expected(field, value);
      if (!expected.equals(read.getField(field))) {
        throw new AssertionError(
            "%s %s: %s: expected %s but found %s"
                .formatted(made.getName(), name, field.getName(), expected, read.getField(field)));
      }
    }
    for (FieldDescriptor field : read.getAllFields().keySet()) {
      if (!numbers.contains(field.getNumber())) {
        throw new AssertionError(made.getName() + " " + name + ": " + field.getName());
      }
    }
    if (!read.getUnknownFields().asMap().isEmpty()) {
      throw new AssertionError(made.getName() + " " + name + ": unknown fields");
    }
  }

  /// The value as protobuf's own message has it: of 32-bit integers the lower half.
  private static Object expected(FieldDescriptor field, FieldValue value) {
    return switch (value.getValueCase()) {
      case SIGNED_INTEGER -> number(field, value.getSignedInteger());
      case UNSIGNED_INTEGER -> number(field, value.getUnsignedInteger());
      case BOOLEAN -> value.getBoolean();
      case TEXT -> value.getText();
      case DATA -> value.getData();
      case SIGNED_LIST ->
          value.getSignedList().getValuesList().stream().map(one -> number(field, one)).toList();
      case UNSIGNED_LIST ->
          value.getUnsignedList().getValuesList().stream().map(one -> number(field, one)).toList();
      case VALUE_NOT_SET -> throw new AssertionError(value);
    };
  }

  private static Object number(FieldDescriptor field, long value) {
    return switch (field.getType()) {
      case INT32, UINT32 -> (Object) (int) value;
      case BOOL -> (Object) (value != 0);
      default -> (Object) value;
    };
  }
}
