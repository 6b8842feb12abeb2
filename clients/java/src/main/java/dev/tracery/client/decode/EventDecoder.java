package dev.tracery.client.decode;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.tracery.decode.FieldReader;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.v1.EventReading;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// Decodes the raw records of one event of one kernel. Fields are found by the kernel's name, once;
/// then they are read from every record, as native values, without allocating anything but the
/// texts and arrays that are asked for. Immutable, so that any threads may use it.
///
/// ```java
/// EventDecoder decoder = negotiated.decoder("sched/sched_switch");
/// IntegerField nextPid = decoder.integer("next_pid");
/// TextField nextComm = decoder.text("next_comm");
/// for (byte[] record : records) {
///   System.out.println(nextComm.get(record) + ":" + nextPid.get(record));
/// }
/// ```
public final class EventDecoder {

  private final String event;
  private final List<EventField> fields;
  private final Map<String, EventField> byName;
  private final PlanInterpreter interpreter;

  private EventDecoder(String event, List<EventField> fields, List<FieldReader> readers) {
    this.event = event;
    this.fields = fields;
    this.interpreter = new PlanInterpreter(readers);
    this.byName = new HashMap<>();
    for (EventField field : fields) {
      byName.merge(
          field.name(), field, (one, two) -> two.occurrence() < one.occurrence() ? two : one);
    }
  }

  /// A decoder of what a registry says of an event. [dev.tracery.client.negotiate.Negotiated] makes
  /// one by the event's name.
  ///
  /// @throws IllegalArgumentException if the plan or the descriptor is not as `decode.proto` and
  ///   `options.proto` say; the message tells which operation and why
  public static EventDecoder of(EventReading reading) {
    FileDescriptorProto file = reading.getFile();
    List<FieldReader> readers = FieldReader.of(reading.getDecodePlan());
    List<EventField> fields =
        new FieldFinder(reading.getDecodePlan(), readers).find(file, reading.getMessageName());
    return new EventDecoder(reading.getEvent(), fields, readers);
  }

  /// The event, `system/name`.
  public String event() {
    return event;
  }

  /// All fields of the event's message, in the order of their numbers. A `switch` over their types
  /// reads any event.
  public List<EventField> fields() {
    return fields;
  }

  /// The field of that name, the first if there are more; empty if there is none.
  public Optional<EventField> field(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// One of several fields of a name.
  ///
  /// @param occurrence which of them, from 0
  public Optional<EventField> field(String name, int occurrence) {
    return fields.stream()
        .filter(field -> field.occurrence() == occurrence && field.name().equals(name))
        .findFirst();
  }

  /// A field that is an integer.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it is something else
  public IntegerField integer(String name) {
    return typed(name, IntegerField.class, "an integer");
  }

  /// A field that is true or false.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it is something else
  public BooleanField bool(String name) {
    return typed(name, BooleanField.class, "a boolean");
  }

  /// A field that is text.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it is something else
  public TextField text(String name) {
    return typed(name, TextField.class, "text");
  }

  /// A field of bytes.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it is something else
  public BytesField bytes(String name) {
    return typed(name, BytesField.class, "bytes");
  }

  /// A field that is a list of integers.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it is something else
  public IntegersField integers(String name) {
    return typed(name, IntegersField.class, "a list of integers");
  }

  private <T extends EventField> T typed(String name, Class<T> type, String expected) {
    EventField field = byName.get(name);
    if (field == null) {
      throw new IllegalArgumentException(
          event
              + " has no field "
              + name
              + "; it has "
              + fields.stream().map(EventField::name).distinct().collect(Collectors.joining(", ")));
    }
    if (!type.isInstance(field)) {
      throw new IllegalArgumentException(
          event + ": the field " + name + " is " + field.kind() + ", not " + expected);
    }
    return type.cast(field);
  }

  /// The longest message that a record of `recordLength` bytes can become.
  public int maxMessageSize(int recordLength) {
    return interpreter.maxMessageSize(recordLength);
  }

  /// Writes the protobuf bytes of a record's message, fields in the order of their numbers.
  /// Allocates nothing.
  ///
  /// @param bytes holds the record, among others
  /// @param offset where it begins, at its `common_type`
  /// @param length how many bytes it has
  /// @param out where the message goes; should have room for [#maxMessageSize] bytes
  /// @param position where it begins
  /// @return where it ends
  /// @throws IndexOutOfBoundsException if the record is not within `bytes`, or the message does not
  ///   fit
  public int writeMessage(byte[] bytes, int offset, int length, byte[] out, int position) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return interpreter.translate(bytes, offset, length, out, position);
  }

  /// The protobuf bytes of a record's message.
  public byte[] message(byte[] record) {
    byte[] out = new byte[maxMessageSize(record.length)];
    return Arrays.copyOf(out, writeMessage(record, 0, record.length, out, 0));
  }

  @Override
  public String toString() {
    return event + fields;
  }
}
