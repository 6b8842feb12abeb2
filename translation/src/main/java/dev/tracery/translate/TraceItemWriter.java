package dev.tracery.translate;

import com.google.protobuf.ByteString;
import dev.tracery.compiler.emit.DescriptorEmitter;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.TraceContent;
import dev.tracery.trace.TraceProblems;
import dev.tracery.translator.EventTranslator;
import dev.tracery.translator.Wire;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.EventSchema;
import dev.tracery.v1.LostEvents;
import dev.tracery.v1.TraceEnd;
import dev.tracery.v1.TraceItem;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes a translated trace as the items of `trace.proto`: [#start], then each record in the order
/// of time, then [#end]. Schemas come by themselves before the first event that refers to them,
/// events in batches. Not thread-safe. Allocates nothing per record.
public final class TraceItemWriter {

  /// When a batch has so many bytes it goes out.
  public static final int BATCH_BYTES = 64 << 10;

  /// Room for what stands before a batch: the item's tag and length.
  private static final int HEAD = 16;

  private static final int EVENTS_ITEM = 3 << 3 | 2;
  private static final int EVENT = 1 << 3 | 2;
  private static final int TIMESTAMP = 1 << 3 | 1;
  private static final int SCHEMA = 2 << 3;
  private static final int CPU = 3 << 3;
  private static final int BUFFER = 7 << 3;
  private static final int MESSAGE = 15 << 3 | 2;

  /// What an envelope needs at most, without its common fields and message.
  private static final int ENVELOPE_BYTES = 80;

  private static final int ONE_BYTE_LENGTH = 0x7f;
  private static final int IDS = 1 << 16;

  private final EventTypes types;
  private final ItemSink sink;
  private final Function<EventType, String> translatorNames;
  private final DescriptorEmitter descriptors = new DescriptorEmitter();
  private final @Nullable Shape[] shapes = new Shape[IDS];
  private final boolean bigEndian;
  private int lastSchema;
  private byte[] out = new byte[HEAD + 2 * BATCH_BYTES];
  private int position = HEAD;
  private long events;
  private long lostEvents;
  private long lostUncounted;
  private long unknownEvents;
  private long foundProblems;
  private int toldProblems;

  /// What the envelope of an event type is made of.
  ///
  /// @param schema the field `schema`, its first byte lowest
  /// @param schemaBytes how many bytes that has
  private record Shape(
      EventTranslator translator,
      CommonFields common,
      boolean usual,
      int schema,
      int schemaBytes,
      int envelopeBytes) {}

  /// @param types of the trace that is written
  /// @param translatorNames what `EventSchema.translator` is to say
  public TraceItemWriter(
      TraceContent content,
      EventTypes types,
      ItemSink sink,
      Function<EventType, String> translatorNames) {
    this.types = types;
    this.sink = sink;
    this.translatorNames = translatorNames;
    this.bigEndian = content.target().byteOrder() == ByteOrder.BIG_ENDIAN;
  }

  /// For translators that are no bundle's.
  public TraceItemWriter(TraceContent content, EventTypes types, ItemSink sink) {
    this(
        content,
        types,
        sink,
        type -> type.translator() instanceof PlanInterpreter ? "interpreter" : "generated");
  }

  /// Writes what the trace says of itself.
  ///
  /// @param kernelId the kernel's id in the registry; empty where there is none
  public void start(TraceContent content, String kernelId) throws IOException {
    item(TraceItem.newBuilder().setStart(TraceStarts.of(content, kernelId)).build());
  }

  /// Writes a record as an event, and before it what was lost.
  ///
  /// @return false if no format has its id, or its format cannot be compiled: it is counted
  public boolean write(RecordCursor record) throws IOException {
    if (record.lostBefore() != 0) {
      lost(record.timestamp(), record.cpu(), record.buffer(), record.lostBefore());
    }
    return write(
        record.timestamp(),
        record.cpu(),
        record.buffer(),
        record.bytes(),
        record.offset(),
        record.length());
  }

  /// Writes a record as an event.
  ///
  /// @param bytes holds the record, among others
  /// @param offset where it begins, at its `common_type`
  /// @return false if no format has its id, or its format cannot be compiled: it is counted
  public boolean write(long timestamp, int cpu, int buffer, byte[] bytes, int offset, int length)
      throws IOException {
    Shape shape = length < 2 ? null : shapes[id(bytes, offset)];
    if (shape == null) {
      shape = shape(bytes, offset, length);
      if (shape == null) {
        unknownEvents++;
        return false;
      }
    }
    EventTranslator translator = shape.translator;
    int most = translator.maxMessageSize(length);
    if (most > this.out.length - position - shape.envelopeBytes) {
      makeRoom(shape.envelopeBytes + (long) most);
    }
    byte[] out = this.out;
    int begin = position;
    out[begin] = EVENT;
    int at = begin + 2;
    if (timestamp != 0) {
      out[at] = TIMESTAMP;
      Wire.fixed64(timestamp, out, at + 1);
      at += 9;
    }
    Wire.fixed32(shape.schema, out, at);
    at += shape.schemaBytes;
    at = Wire.varint(cpu, out, at, CPU);
    if (shape.usual && length >= 8) {
      at = shape.common.writeUsual(bytes, offset, out, at);
      at = Wire.varint(buffer, out, at, BUFFER);
    } else {
      at = shape.common.write(bytes, offset, length, out, at);
      at = Wire.varint(buffer, out, at, BUFFER);
      at = shape.common.writeOthers(bytes, offset, length, out, at);
    }
    int message = at + 2;
    int end = translator.translate(bytes, offset, length, out, message);
    if (end > message) {
      out[at] = MESSAGE;
      end = close(out, at + 1, end);
    } else {
      end = at;
    }
    end = close(out, begin + 1, end);
    position = end;
    events++;
    if (end > BATCH_BYTES) {
      flush();
    }
    return true;
  }

  private int id(byte[] bytes, int offset) {
    int first = bytes[offset] & 0xff;
    int second = bytes[offset + 1] & 0xff;
    return bigEndian ? first << 8 | second : second << 8 | first;
  }

  /// Writes a length at `at`, where one byte was left for it, of what follows up to `end`.
  ///
  /// @return where it ends then
  private static int close(byte[] out, int at, int end) {
    int length = end - at - 1;
    if (length <= ONE_BYTE_LENGTH) {
      out[at] = (byte) length;
      return end;
    }
    return closeLong(out, at, end, length);
  }

  private static int closeLong(byte[] out, int at, int end, int length) {
    int size = Wire.size(length);
    System.arraycopy(out, at + 1, out, at + size, length);
    for (int i = 0; i < size; i++) {
      int more = i < size - 1 ? 0x80 : 0;
      out[at + i] = (byte) (length >>> 7 * i & 0x7f | more);
    }
    return end + size - 1;
  }

  private void makeRoom(long wanted) throws IOException {
    if (position > HEAD && wanted <= out.length - HEAD) {
      flush();
      return;
    }
    long size = position + wanted;
    if (size > Integer.MAX_VALUE - HEAD) {
      throw new IOException("an event's message may need " + wanted + " bytes");
    }
    out = Arrays.copyOf(out, (int) size);
  }

  private @Nullable Shape shape(byte[] bytes, int offset, int length) throws IOException {
    EventType type = types.of(bytes, offset, length);
    if (type == null) {
      return null;
    }
    lastSchema++;
    CommonFields common = new CommonFields(type.layout());
    byte[] schema = new byte[Wire.SLACK];
    int schemaBytes = Wire.varint(lastSchema, schema, 0, SCHEMA);
    Shape shape =
        new Shape(
            type.translator(),
            common,
            common.usual(),
            (int) Wire.int32(schema, 0),
            schemaBytes,
            ENVELOPE_BYTES + common.maxSize());
    shapes[type.id()] = shape;
    item(
        TraceItem.newBuilder()
            .setSchema(
                EventSchema.newBuilder()
                    .setIndex(lastSchema)
                    .setEvent(type.name().toString())
                    .setEventId(type.id())
                    .setLayoutHash(ByteString.copyFrom(type.layout().hash().bytes()))
                    .setSchemaVersion(type.schema().version())
                    .setMessageName(type.schema().messageName())
                    .setFile(descriptors.emit(type.schema()))
                    .addAllOtherCommonFields(common.otherNames())
                    .addAllFilledFields(
                        type.plan().getOperationsList().stream()
                            .map(DecodeOperation::getFieldNumber)
                            .toList())
                    .setTranslator(translatorNames.apply(type)))
            .build());
    return shape;
  }

  /// Writes that events are not there.
  ///
  /// @param before when the first event after them was
  /// @param count how many; -1 if the kernel does not say
  public void lost(long before, int cpu, int buffer, long count) throws IOException {
    flush();
    if (count < 0) {
      lostUncounted++;
    } else {
      lostEvents += count;
    }
    item(
        TraceItem.newBuilder()
            .setLost(
                LostEvents.newBuilder()
                    .setBefore(before)
                    .setCpu(cpu)
                    .setBuffer(buffer)
                    .setCount(Math.max(count, 0)))
            .build());
  }

  /// Writes what was found to be wrong since the last time this was called.
  public void problems(TraceProblems problems) throws IOException {
    if (problems.found() == foundProblems) {
      return;
    }
    foundProblems = problems.found();
    List<Diagnostic> found = problems.diagnostics();
    flush();
    for (; toldProblems < found.size(); toldProblems++) {
      problem(found.get(toldProblems));
    }
  }

  /// Writes something that is wrong with the input.
  public void problem(Diagnostic found) throws IOException {
    flush();
    SourceLocation at = found.location();
    item(
        TraceItem.newBuilder()
            .setProblem(
                dev.tracery.v1.Diagnostic.newBuilder()
                    .setSeverity(
                        found.severity() == Severity.ERROR
                            ? dev.tracery.v1.Severity.SEVERITY_ERROR
                            : dev.tracery.v1.Severity.SEVERITY_WARNING)
                    .setCode(found.code())
                    .setFile(at.file())
                    .setLine(at.line())
                    .setColumn(at.column())
                    .setByteOffset(at.byteOffset())
                    .setMessage(found.message())
                    .setHint(found.hint()))
            .build());
  }

  /// Writes the batch that has gathered. Streams call it when nothing comes for a while.
  public void flush() throws IOException {
    int length = position - HEAD;
    if (length == 0) {
      return;
    }
    int head = HEAD - 1 - Wire.size(length);
    out[head] = EVENTS_ITEM;
    for (int i = head + 1, rest = length; i < HEAD; i++, rest >>>= 7) {
      out[i] = (byte) (rest & 0x7f | (i < HEAD - 1 ? 0x80 : 0));
    }
    int end = position;
    position = HEAD;
    sink.item(out, head, end - head);
  }

  /// Writes what is left, and what was read in all.
  public void end(TraceProblems problems) throws IOException {
    flush();
    problems(problems);
    item(
        TraceItem.newBuilder()
            .setEnd(
                TraceEnd.newBuilder()
                    .setEvents(events)
                    .setLostEvents(lostEvents)
                    .setLostUncounted(lostUncounted)
                    .setDamagedBytes(problems.damagedBytes())
                    .setUnknownEvents(unknownEvents))
            .build());
  }

  /// How many events were written.
  public long events() {
    return events;
  }

  /// How many records had an event without a format.
  public long unknownEvents() {
    return unknownEvents;
  }

  private void item(TraceItem item) throws IOException {
    byte[] bytes = item.toByteArray();
    sink.item(bytes, 0, bytes.length);
  }
}
