package dev.tracery.translate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tracery.compiler.layout.Field;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.model.ByteOrder;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.v1.EventSchema;
import dev.tracery.v1.LostEvents;
import dev.tracery.v1.TraceEnd;
import dev.tracery.v1.TraceEvent;
import dev.tracery.v1.TraceItem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TraceItemWriterTest {

  static List<Path> traces() {
    return RecordedTraces.all();
  }

  @ParameterizedTest
  @MethodSource("traces")
  void what_is_written_is_what_the_cursor_and_the_interpreter_say(Path file) throws IOException {
    List<TraceItem> items = written(file, new GeneratedTranslators());
    assertEquals(TraceItem.ItemCase.START, items.getFirst().getItemCase());
    assertEquals(TraceItem.ItemCase.END, items.getLast().getItemCase());
    Map<Integer, EventSchema> schemas = new HashMap<>();
    List<TraceEvent> events = new ArrayList<>();
    List<LostEvents> losses = new ArrayList<>();
    for (TraceItem item : items) {
      switch (item.getItemCase()) {
        case SCHEMA -> schemas.put(item.getSchema().getIndex(), item.getSchema());
        case EVENTS -> {
          List<TraceEvent> batch = item.getEvents().getEventsList();
          batch.forEach(event -> assertTrue(schemas.containsKey(event.getSchema())));
          events.addAll(batch);
          assertTrue(item.getSerializedSize() < 2 * TraceItemWriter.BATCH_BYTES);
        }
        case LOST -> losses.add(item.getLost());
        default -> {}
      }
    }
    int at = 0;
    int loss = 0;
    long unknown = 0;
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT);
        RecordCursor cursor = trace.records(RecordFilter.ALL)) {
      EventTypes types = EventTypes.interpreted(trace.content());
      while (cursor.advance()) {
        if (cursor.lostBefore() != 0) {
          LostEvents expected =
              LostEvents.newBuilder()
                  .setBefore(cursor.timestamp())
                  .setCpu(cursor.cpu())
                  .setBuffer(cursor.buffer())
                  .setCount(Math.max(cursor.lostBefore(), 0))
                  .build();
          assertEquals(expected, losses.get(loss++));
        }
        EventType type = types.of(cursor.bytes(), cursor.offset(), cursor.length());
        if (type == null) {
          unknown++;
          continue;
        }
        TraceEvent event = events.get(at++);
        EventSchema schema = Objects.requireNonNull(schemas.get(event.getSchema()));
        assertEquals(expected(cursor, type, event.getSchema()), event);
        assertEquals(type.name().toString(), schema.getEvent());
        assertEquals(type.id(), schema.getEventId());
        assertEquals(type.schema().messageName(), schema.getMessageName());
      }
    }
    assertEquals(events.size(), at);
    assertEquals(losses.size(), loss);
    TraceEnd end = items.getLast().getEnd();
    assertEquals(at, end.getEvents());
    assertEquals(unknown, end.getUnknownEvents());
    assertTrue(at > 100);
  }

  /// By other means than the writer's: each common field as a slice of the record.
  private static TraceEvent expected(RecordCursor cursor, EventType type, int schema) {
    TraceEvent.Builder event =
        TraceEvent.newBuilder()
            .setTimestamp(cursor.timestamp())
            .setSchema(schema)
            .setCpu(cursor.cpu())
            .setBuffer(cursor.buffer());
    for (Field field : type.layout().commonFields()) {
      long value = value(cursor, type, field);
      switch (field.name()) {
        case "common_type" -> assertEquals(type.id(), value);
        case "common_flags" -> event.setFlags((int) value);
        case "common_preempt_count" -> event.setPreemptCount((int) value);
        case "common_pid" -> event.setPid((int) value);
        default -> event.addOtherCommonFields(value);
      }
    }
    byte[] out = new byte[type.translator().maxMessageSize(cursor.length())];
    int end = type.translator().translate(cursor.bytes(), cursor.offset(), cursor.length(), out, 0);
    return event.setMessage(ByteString.copyFrom(out, 0, end)).build();
  }

  private static long value(RecordCursor cursor, EventType type, Field field) {
    int from = cursor.offset() + field.offset();
    byte[] slice = Arrays.copyOfRange(cursor.bytes(), from, from + field.size());
    if (type.layout().target().byteOrder() == ByteOrder.LITTLE_ENDIAN) {
      for (int i = 0; i < slice.length / 2; i++) {
        byte swapped = slice[i];
        slice[i] = slice[slice.length - 1 - i];
        slice[slice.length - 1 - i] = swapped;
      }
    }
    boolean signed = field.signed().orElse(false);
    return (signed ? new BigInteger(slice) : new BigInteger(1, slice)).longValue();
  }

  @Test
  void interpreted_and_generated_streams_differ_only_in_who_translated() throws IOException {
    Path file = RecordedTraces.sample("debian-bullseye-5.10.0-46-amd64", "syscalls.dat.zst");
    List<TraceItem> interpreted = written(file, (plan, _) -> new PlanInterpreter(plan));
    List<TraceItem> generated = written(file, new GeneratedTranslators());
    List<TraceItem> renamed =
        generated.stream()
            .map(item ->
                item.hasSchema()
                    ? item.toBuilder()
                        .setSchema(item.getSchema().toBuilder().setTranslator("interpreter"))
                        .build()
                    : item)
            .toList();
    assertEquals(interpreted, renamed);
    assertFalse(interpreted.equals(generated));
  }

  @Test
  void the_length_of_an_item_is_written_before_it() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ItemSink sink = ItemSink.delimited(out);
    sink.item(new byte[] {9, 8, 7}, 1, 2);
    sink.item(new byte[300], 0, 300);
    byte[] expected = new byte[3 + 2 + 300];
    expected[0] = 2;
    expected[1] = 8;
    expected[2] = 7;
    expected[3] = (byte) 0xac;
    expected[4] = 2;
    assertArrayEquals(expected, out.toByteArray());
  }

  private static List<TraceItem> written(Path file, TranslatorSource translators)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT);
        RecordCursor cursor = trace.records(RecordFilter.ALL)) {
      EventTypes types = new EventTypes(trace.content(), new FreshSchemas(), translators);
      TraceItemWriter writer = new TraceItemWriter(trace.content(), types, ItemSink.delimited(out));
      writer.start(trace.content(), "");
      while (cursor.advance()) {
        writer.write(cursor);
      }
      writer.end(trace.problems());
    }
    InputStream in = new ByteArrayInputStream(out.toByteArray());
    List<TraceItem> items = new ArrayList<>();
    for (TraceItem item = TraceItem.parseDelimitedFrom(in);
        item != null;
        item = TraceItem.parseDelimitedFrom(in)) {
      items.add(item);
    }
    return items;
  }
}
