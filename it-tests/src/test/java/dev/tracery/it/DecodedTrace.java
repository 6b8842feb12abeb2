package dev.tracery.it;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.TraceItemWriter;
import dev.tracery.v1.Diagnostic;
import dev.tracery.v1.EventFieldOptions;
import dev.tracery.v1.EventSchema;
import dev.tracery.v1.LostEvents;
import dev.tracery.v1.OptionsProto;
import dev.tracery.v1.TraceEnd;
import dev.tracery.v1.TraceEvent;
import dev.tracery.v1.TraceItem;
import dev.tracery.v1.TraceStart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// A translated trace, its messages decoded by the descriptors that it carries, with nothing of the
/// project's own. Fields are told by the kernel's names, so that traces whose schemas have other
/// versions and numbers can be compared.
final class DecodedTrace {

  private static final ExtensionRegistry OPTIONS = ExtensionRegistry.newInstance();

  static {
    OptionsProto.registerAllExtensions(OPTIONS);
  }

  /// How one event is read.
  private record Reading(EventSchema schema, Descriptor descriptor, Set<Integer> filled) {}

  /// One event; `text` is all of it but the CPU.
  record Event(int cpu, String text) {}

  final List<Event> events = new ArrayList<>();
  final List<LostEvents> lost = new ArrayList<>();
  final List<Diagnostic> problems = new ArrayList<>();
  final TreeSet<String> translators = new TreeSet<>();
  TraceStart start = TraceStart.getDefaultInstance();
  TraceEnd end = TraceEnd.getDefaultInstance();
  private final Map<Integer, Reading> readings = new HashMap<>();
  private final Map<String, FileDescriptor> imports = new HashMap<>();

  /// What the library makes of a trace, without any server.
  static DecodedTrace offline(Trace trace) throws IOException {
    DecodedTrace decoded = new DecodedTrace();
    TraceItemWriter writer =
        new TraceItemWriter(
            trace.content(),
            EventTypes.interpreted(trace.content()),
            (bytes, offset, length) ->
                decoded.add(TraceItem.parser().parseFrom(bytes, offset, length)));
    writer.start(trace.content(), "");
    try (var records = trace.records(RecordFilter.ALL)) {
      while (records.advance()) {
        writer.write(records);
      }
    }
    writer.end(trace.problems());
    return decoded;
  }

  /// Adds the next item.
  void add(TraceItem item) {
    try {
      switch (item.getItemCase()) {
        case START -> begin(item.getStart());
        case SCHEMA -> schema(item.getSchema());
        case EVENTS -> {
          for (TraceEvent event : item.getEvents().getEventsList()) {
            events.add(new Event(event.getCpu(), text(event)));
          }
        }
        case LOST -> lost.add(item.getLost());
        case PROBLEM -> problems.add(item.getProblem());
        case END -> end = item.getEnd();
        case ITEM_NOT_SET -> throw new AssertionError("an item that is nothing");
      }
    } catch (DescriptorValidationException | InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void begin(TraceStart begin)
      throws DescriptorValidationException, InvalidProtocolBufferException {
    start = begin;
    for (FileDescriptorProto file : begin.getImportsList()) {
      imports.put(file.getName(), build(file));
    }
  }

  private void schema(EventSchema schema)
      throws DescriptorValidationException, InvalidProtocolBufferException {
    Descriptor descriptor = build(schema.getFile()).getMessageTypes().getFirst();
    translators.add(schema.getTranslator());
    readings.put(
        schema.getIndex(),
        new Reading(schema, descriptor, new HashSet<>(schema.getFilledFieldsList())));
  }

  private FileDescriptor build(FileDescriptorProto file)
      throws DescriptorValidationException, InvalidProtocolBufferException {
    FileDescriptorProto known = FileDescriptorProto.parseFrom(file.toByteString(), OPTIONS);
    FileDescriptor[] needed =
        known.getDependencyList().stream()
            .map(name -> Objects.requireNonNull(imports.get(name), name))
            .toArray(FileDescriptor[]::new);
    return FileDescriptor.buildFrom(known, needed);
  }

  private String text(TraceEvent event) throws InvalidProtocolBufferException {
    Reading reading = Objects.requireNonNull(readings.get(event.getSchema()), "no schema");
    DynamicMessage message = DynamicMessage.parseFrom(reading.descriptor, event.getMessage());
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw new AssertionError(reading.schema.getEvent() + " has unknown fields");
    }
    Map<String, String> fields = new LinkedHashMap<>();
    reading.descriptor.getFields().stream()
        .filter(field -> reading.filled.contains(field.getNumber()))
        .sorted(Comparator.comparing(DecodedTrace::kernelName))
        .forEach(field -> fields.put(kernelName(field), value(field, message.getField(field))));
    for (FieldDescriptor field : message.getAllFields().keySet()) {
      if (!reading.filled.contains(field.getNumber())) {
        throw new AssertionError(field.getFullName() + " is there, but was not announced");
      }
    }
    return reading.schema.getEvent()
        + " "
        + reading.schema.getMessageName()
        + " "
        + reading.schema.getEventId()
        + " "
        + event.toBuilder().clearSchema().clearMessage().build().toString().replace('\n', ' ')
        + reading.schema.getOtherCommonFieldsList()
        + fields;
  }

  private static String kernelName(FieldDescriptor field) {
    EventFieldOptions about = field.getOptions().getExtension(OptionsProto.eventField);
    return about.getName() + "#" + about.getOccurrence() + " " + about.getKind();
  }

  private static String value(FieldDescriptor field, Object value) {
    if (value instanceof List<?> all) {
      return all.stream().map(one -> value(field, one)).toList().toString();
    }
    return switch (field.getType()) {
      case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
      case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
      case BYTES -> java.util.HexFormat.of().formatHex(((ByteString) value).toByteArray());
      default -> String.valueOf(value);
    };
  }

  /// The events in their order.
  List<String> texts() {
    return events.stream().map(Event::text).toList();
  }

  /// The events of each CPU, in their order.
  List<String> byCpu() {
    return events.stream().sorted(Comparator.comparingInt(Event::cpu)).map(Event::text).toList();
  }

  /// What is wrong, but for the names of files.
  List<String> problemTexts() {
    return problems.stream()
        .map(problem ->
            problem.getCode() + " at " + problem.getByteOffset() + ": " + problem.getMessage())
        .sorted()
        .toList();
  }

  /// What was lost, by CPU.
  List<LostEvents> lostByCpu() {
    return lost.stream().sorted(Comparator.comparingInt(LostEvents::getCpu)).toList();
  }
}
