package dev.tracery.conformance;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.EventFieldOptions;
import dev.tracery.v1.EventOptions;
import dev.tracery.v1.OptionsProto;
import dev.tracery.v1.SymbolTable;
import dev.tracery.v1.WordSize;
import java.util.ArrayList;
import java.util.List;

/// An event that no kernel has: a plan, and the message that it fills.
final class MadeMessage {

  private final DecodePlan.Builder plan;
  private final DescriptorProto.Builder message;
  private final List<String> names = new ArrayList<>();

  MadeMessage(WordSize wordSize, ByteOrder order) {
    plan =
        DecodePlan.newBuilder()
            .setEvent("made/event")
            .setLayoutHash(com.google.protobuf.ByteString.copyFrom(new byte[32]))
            .setSchemaVersion(1)
            .setWordSize(wordSize)
            .setByteOrder(order);
    message =
        DescriptorProto.newBuilder()
            .setName("Event")
            .setOptions(
                MessageOptions.newBuilder()
                    .setExtension(
                        OptionsProto.event,
                        EventOptions.newBuilder()
                            .setSystem("made")
                            .setName("event")
                            .setVersion(1)
                            .build()));
  }

  /// Adds an operation and the field that it fills. Fields of one name are told by their order.
  MadeMessage add(String name, DecodeOperation operation, SymbolTable... tables) {
    int occurrence = (int) names.stream().filter(name::equals).count();
    names.add(name);
    plan.addOperations(operation);
    message.addField(
        FieldDescriptorProto.newBuilder()
            .setName("f" + operation.getFieldNumber())
            .setNumber(operation.getFieldNumber())
            .setLabel(
                PlainDecoder.isList(operation.getConversion())
                    ? Label.LABEL_REPEATED
                    : Label.LABEL_OPTIONAL)
            .setType(type(operation))
            .setOptions(
                FieldOptions.newBuilder()
                    .setExtension(
                        OptionsProto.eventField,
                        EventFieldOptions.newBuilder()
                            .setName(name)
                            .setOccurrence(occurrence)
                            .addAllSymbols(List.of(tables))
                            .build())));
    return this;
  }

  private static Type type(DecodeOperation operation) {
    return switch (operation.getConversion()) {
      case CONVERSION_BOOL -> Type.TYPE_BOOL;
      case CONVERSION_STRING -> Type.TYPE_STRING;
      case CONVERSION_BYTES -> Type.TYPE_BYTES;
      case CONVERSION_INTEGER, CONVERSION_INTEGERS -> {
        boolean wide = operation.getElementSize() == 8 || operation.hasArithmetic();
        yield operation.getSigned()
            ? (wide ? Type.TYPE_INT64 : Type.TYPE_INT32)
            : (wide ? Type.TYPE_UINT64 : Type.TYPE_UINT32);
      }
      default -> Type.TYPE_UINT64;
    };
  }

  DecodePlan plan() {
    return plan.build();
  }

  FileDescriptorProto file() {
    return FileDescriptorProto.newBuilder()
        .setName("made/event.proto")
        .setPackage("made")
        .addDependency("tracery/v1/options.proto")
        .addMessageType(message)
        .setSyntax("proto3")
        .build();
  }

  CheckedPlan checked(String name) {
    return new CheckedPlan(name, plan(), file());
  }
}
