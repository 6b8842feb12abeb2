package dev.tracery.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.compiler.emit.DescriptorReader;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.render.TextBuffer;
import dev.tracery.v1.EventSchema;
import dev.tracery.v1.OptionsProto;
import dev.tracery.v1.TraceEvent;
import dev.tracery.v1.TraceItem;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes the events of a translated trace as JSON, one object a line, as [JsonWriter] does of
/// records; what a thread was called is not in the items. Not thread-safe.
public final class ItemJsonWriter {

  private static final ExtensionRegistryLite OPTIONS = options();

  private final DescriptorReader schemas = new DescriptorReader();
  private final Map<Integer, Shape> shapes = new HashMap<>();
  private final JsonText text = new JsonText();
  private final JsonMessage messages = new JsonMessage(text);
  private List<String> buffers = List.of();

  private record Shape(String event, List<String> otherCommonFields, List<JsonField> fields) {}

  private static ExtensionRegistryLite options() {
    ExtensionRegistryLite registry = ExtensionRegistryLite.newInstance();
    registry.add(OptionsProto.event);
    registry.add(OptionsProto.eventField);
    return registry;
  }

  /// Appends the lines of an item's events; items of other kinds are remembered as far as events
  /// need them.
  ///
  /// @throws IllegalArgumentException if the item cannot be of a translated trace, saying why
  public void write(TraceItem item, TextBuffer out) {
    switch (item.getItemCase()) {
      case START -> buffers = item.getStart().getBuffersList();
      case SCHEMA -> shapes.put(item.getSchema().getIndex(), shape(item.getSchema()));
      case EVENTS -> item.getEvents().getEventsList().forEach(event -> event(event, out));
      case LOST, PROBLEM, END, ITEM_NOT_SET -> {}
    }
  }

  private Shape shape(EventSchema schema) {
    SchemaVersion version = schemas.read(withOptions(schema.getFile()));
    Set<Integer> filled = new HashSet<>(schema.getFilledFieldsList());
    return new Shape(
        schema.getEvent(),
        schema.getOtherCommonFieldsList().stream().map(JsonShape::withoutPrefix).toList(),
        version.fields().stream()
            .sorted(Comparator.comparingInt(SchemaField::number))
            .map(field -> JsonField.of(field, filled.contains(field.number())))
            .toList());
  }

  /// What came over the wire was parsed without our options.
  private static FileDescriptorProto withOptions(FileDescriptorProto file) {
    try {
      return FileDescriptorProto.parseFrom(file.toByteString(), OPTIONS);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("a schema's file is damaged: " + e.getMessage(), e);
    }
  }

  private void event(TraceEvent event, TextBuffer out) {
    Shape shape = shapes.get(event.getSchema());
    if (shape == null) {
      throw new IllegalArgumentException(
          "an event refers to schema " + event.getSchema() + ", which did not come before it");
    }
    out.put("{\"timestamp\":");
    text.unsigned(event.getTimestamp(), out);
    number("cpu", event.getCpu(), out);
    if (buffers.size() > 1 && event.getBuffer() < buffers.size()) {
      string("buffer", buffers.get(event.getBuffer()), out);
    }
    string("event", shape.event, out);
    number("flags", event.getFlags(), out);
    number("preempt_count", event.getPreemptCount(), out);
    number("pid", event.getPid(), out);
    for (int i = 0; i < shape.otherCommonFields.size(); i++) {
      if (i < event.getOtherCommonFieldsCount()) {
        number(shape.otherCommonFields.get(i), event.getOtherCommonFields(i), out);
      }
    }
    out.put(",\"message\":{");
    ByteString message = event.getMessage();
    messages.write(shape.fields, message.toByteArray(), 0, message.size(), out);
    out.put("}}\n");
  }

  private void number(String key, long value, TextBuffer out) {
    key(key, out);
    text.signed(value, out);
  }

  private void string(String key, String value, TextBuffer out) {
    key(key, out);
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    text.string(bytes, 0, bytes.length, out);
  }

  private static void key(String key, TextBuffer out) {
    out.put(",\"");
    out.put(key);
    out.put("\":");
  }
}
