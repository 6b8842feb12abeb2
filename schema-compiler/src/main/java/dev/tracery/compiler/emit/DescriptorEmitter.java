package dev.tracery.compiler.emit;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.v1.OptionsProto;

/// Writes a schema version as the descriptor of a file of its own. Thread-safe.
public final class DescriptorEmitter {

  /// The file `linux/SYSTEM/EVENT.proto` with one message, which imports
  /// `tracery/v1/options.proto`. Equal schemas give equal descriptors.
  public FileDescriptorProto emit(SchemaVersion schema) {
    return FileDescriptorProto.newBuilder()
        .setName(MessageFile.fileName(schema))
        .setPackage(MessageFile.packageName(schema))
        .addDependency(MessageFile.OPTIONS_FILE)
        .addMessageType(message(schema))
        .setSyntax("proto3")
        .build();
  }

  private static DescriptorProto message(SchemaVersion schema) {
    DescriptorProto.Builder message =
        DescriptorProto.newBuilder()
            .setName(MessageFile.simpleName(schema))
            .setOptions(
                MessageOptions.newBuilder()
                    .setExtension(OptionsProto.event, EventOptionsCodec.message(schema)));
    for (SchemaField field : schema.fields()) {
      message.addField(field(field));
    }
    for (SchemaField removed : schema.removed()) {
      message.addReservedRange(
          ReservedRange.newBuilder().setStart(removed.number()).setEnd(removed.number() + 1));
      message.addReservedName(removed.protoName());
    }
    return message.build();
  }

  private static FieldDescriptorProto field(SchemaField field) {
    return FieldDescriptorProto.newBuilder()
        .setName(field.protoName())
        .setNumber(field.number())
        .setLabel(field.kind().isRepeated() ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL)
        .setType(MessageFile.type(field))
        .setOptions(
            FieldOptions.newBuilder()
                .setExtension(OptionsProto.eventField, EventOptionsCodec.field(field)))
        .build();
  }
}
