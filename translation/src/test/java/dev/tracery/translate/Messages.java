package dev.tracery.translate;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.tracery.compiler.emit.DescriptorEmitter;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.v1.OptionsProto;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;

/// Reads events' messages with protobuf's own code, which knows nothing but the descriptors.
final class Messages {

  private final DescriptorEmitter emitter = new DescriptorEmitter();
  private final Map<SchemaVersion, Descriptor> descriptors = new IdentityHashMap<>();

  Descriptor descriptor(SchemaVersion schema) {
    return descriptors.computeIfAbsent(schema, this::build);
  }

  private Descriptor build(SchemaVersion schema) {
    try {
      return FileDescriptor.buildFrom(
              emitter.emit(schema), new FileDescriptor[] {OptionsProto.getDescriptor()})
          .getMessageTypes()
          .getFirst();
    } catch (DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }

  /// Reads a message, which may not have any field that the schema does not know.
  DynamicMessage read(SchemaVersion schema, byte[] bytes, int offset, int length)
      throws IOException {
    DynamicMessage message =
        DynamicMessage.parseFrom(
            descriptor(schema), CodedInputStream.newInstance(bytes, offset, length));
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw new AssertionError(schema.event() + ": " + message.getUnknownFields());
    }
    return message;
  }
}
