package dev.tracery.fault;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.registry.log.SchemaContent;
import dev.tracery.registry.log.SchemaFieldContent;
import dev.tracery.v1.EventFieldOptions;
import dev.tracery.v1.EventOptions;
import dev.tracery.v1.OptionsProto;
import java.util.ArrayList;
import java.util.List;

/// The number of one field in one version of an event's lineage.
///
/// @param meaning name, occurrence and kind: what the number stands for, for ever
/// @param removed whether the version does not have the field any more
record Numbers(String event, int version, int number, String meaning, boolean removed) {

  private static final ExtensionRegistry EXTENSIONS = ExtensionRegistry.newInstance();

  static {
    OptionsProto.registerAllExtensions(EXTENSIONS);
  }

  /// Those of a schema version as the log has it.
  static List<Numbers> of(String event, int version, SchemaContent content) {
    List<Numbers> all = new ArrayList<>();
    content.getFieldsList().forEach(field -> all.add(of(event, version, field, false)));
    content.getRemovedList().forEach(field -> all.add(of(event, version, field, true)));
    return all;
  }

  private static Numbers of(String event, int version, SchemaFieldContent field, boolean removed) {
    return new Numbers(
        event,
        version,
        field.getNumber(),
        meaning(field.getName(), field.getOccurrence(), field.getKind()),
        removed);
  }

  /// Those of a descriptor that a client was given.
  static List<Numbers> of(FileDescriptorProto file) {
    try {
      var message = FileDescriptorProto.parseFrom(file.toByteArray(), EXTENSIONS).getMessageType(0);
      EventOptions event = message.getOptions().getExtension(OptionsProto.event);
      List<Numbers> all = new ArrayList<>();
      for (FieldDescriptorProto field : message.getFieldList()) {
        EventFieldOptions options = field.getOptions().getExtension(OptionsProto.eventField);
        all.add(of(event, field.getNumber(), options, false));
      }
      event
          .getRemovedList()
          .forEach(removed -> all.add(of(event, removed.getNumber(), removed.getField(), true)));
      return all;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Numbers of(
      EventOptions event, int number, EventFieldOptions field, boolean removed) {
    return new Numbers(
        event.getSystem() + "/" + event.getName(),
        event.getVersion(),
        number,
        meaning(field.getName(), field.getOccurrence(), field.getKindValue()),
        removed);
  }

  private static String meaning(String name, int occurrence, int kind) {
    return name + "[" + occurrence + "] of kind " + kind;
  }

  @Override
  public String toString() {
    return "%s version %d: %d is %s%s"
        .formatted(event, version, number, removed ? "no more " : "", meaning);
  }
}
