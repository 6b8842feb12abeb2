package dev.tracery.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import dev.tracery.model.ByteOrder;
import dev.tracery.render.TextBuffer;
import dev.tracery.render.line.CommandNames;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.TraceSamples;
import dev.tracery.trace.Traces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Protobuf's own parser reads from the JSON of every record of the samples what it reads from the
/// message's bytes.
class JsonSamplesTest {

  private static final String MESSAGE = ",\"message\":";

  private final Messages messages = new Messages();
  private final byte[] message = new byte[1 << 20];
  private final TextBuffer out = new TextBuffer();

  static List<Path> traces() {
    return TraceSamples.allSamples();
  }

  @ParameterizedTest
  @MethodSource("traces")
  void json_and_bytes_are_the_same_message(Path file) throws IOException {
    long records = 0;
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT);
        RecordCursor cursor = trace.records(RecordFilter.ALL)) {
      EventTypes types =
          new EventTypes(trace.content(), new FreshSchemas(), new GeneratedTranslators());
      JsonWriter json =
          new JsonWriter(trace.content(), CommandNames.of(trace.content().commandNames())::known);
      boolean big = trace.content().target().byteOrder() == ByteOrder.BIG_ENDIAN;
      while (cursor.advance()) {
        int first = cursor.bytes()[cursor.offset()] & 0xff;
        int second = cursor.bytes()[cursor.offset() + 1] & 0xff;
        check(
            json,
            cursor,
            Objects.requireNonNull(types.byId(big ? first << 8 | second : second << 8 | first)));
        records++;
      }
    }
    assertTrue(records > 400, "only " + records + " records");
  }

  private void check(JsonWriter json, RecordCursor cursor, EventType type) throws IOException {
    int length =
        type.translator().translate(cursor.bytes(), cursor.offset(), cursor.length(), message, 0);
    out.truncate(0);
    json.write(cursor, type, message, 0, length, out);
    String line = out.toString();
    assertEquals(line.length() - 1, line.indexOf('\n'));
    JsonObject envelope = JsonParser.parseString(line).getAsJsonObject();
    assertEquals(cursor.timestamp(), envelope.get("timestamp").getAsLong());
    assertEquals(cursor.cpu(), envelope.get("cpu").getAsInt());
    assertEquals(type.name().toString(), envelope.get("event").getAsString());
    assertTrue(envelope.has("pid") && envelope.has("flags") && envelope.has("preempt_count"));
    int begin = line.indexOf(MESSAGE) + MESSAGE.length();
    DynamicMessage.Builder read = DynamicMessage.newBuilder(messages.descriptor(type.schema()));
    JsonFormat.parser().merge(line.substring(begin, line.length() - 2), read);
    assertEquals(messages.read(type.schema(), message, 0, length), read.build(), line);
  }
}
