package dev.tracery.compiler.emit;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.v1.EventOptions;
import dev.tracery.v1.OptionsProto;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Reads back what [DescriptorEmitter] wrote, so that a lineage can be continued from its latest
/// descriptor. Thread-safe.
public final class DescriptorReader {

  private static final Pattern MESSAGE_NAME =
      Pattern.compile("linux\\.[A-Za-z_][A-Za-z0-9_]*\\.[A-Za-z_][A-Za-z0-9_]*");

  /// The schema version in a file, which must have been parsed with the extensions of
  /// [OptionsProto] registered.
  ///
  /// @throws IllegalArgumentException if the file is not one that [DescriptorEmitter] wrote, saying
  ///   why
  public SchemaVersion read(FileDescriptorProto file) {
    if (file.getMessageTypeCount() != 1) {
      throw notOurs(file, "has " + file.getMessageTypeCount() + " messages instead of 1");
    }
    DescriptorProto message = file.getMessageType(0);
    if (!message.getOptions().hasExtension(OptionsProto.event)) {
      throw notOurs(file, "its message has no option tracery.v1.event");
    }
    EventOptions options = message.getOptions().getExtension(OptionsProto.event);
    List<SchemaField> fields = new ArrayList<>(message.getFieldCount());
    for (FieldDescriptorProto field : message.getFieldList()) {
      if (!field.getOptions().hasExtension(OptionsProto.eventField)) {
        throw notOurs(
            file, "its field " + field.getName() + " has no option tracery.v1.event_field");
      }
      boolean wide = field.getType() == Type.TYPE_INT64 || field.getType() == Type.TYPE_UINT64;
      fields.add(
          EventOptionsCodec.field(
              field.getNumber(),
              field.getName(),
              wide,
              field.getOptions().getExtension(OptionsProto.eventField)));
    }
    String messageName = file.getPackage() + "." + message.getName();
    // Why: files are named after it, so it must not lead out of a folder.
    if (!MESSAGE_NAME.matcher(messageName).matches()) {
      throw notOurs(file, "no event's message has the name of its message");
    }
    if (options.getVersion() < 1) {
      throw notOurs(
          file, "its schema version is " + Integer.toUnsignedString(options.getVersion()));
    }
    return new SchemaVersion(
        EventOptionsCodec.event(options),
        messageName,
        options.getVersion(),
        fields,
        EventOptionsCodec.removed(options),
        options.getPrintFormat());
  }

  private static IllegalArgumentException notOurs(FileDescriptorProto file, String why) {
    return new IllegalArgumentException(
        file.getName() + " is not a schema that tracery compile wrote: " + why);
  }
}
