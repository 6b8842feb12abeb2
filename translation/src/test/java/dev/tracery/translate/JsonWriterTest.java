package dev.tracery.translate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.emit.DecodePlanner;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.render.TextBuffer;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.TraceBuffer;
import dev.tracery.trace.TraceContent;
import dev.tracery.v1.DecodePlan;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

  private static final String FORMAT =
      """
      name: all_kinds
      ID: 7
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:char name[8];\toffset:8;\tsize:8;\tsigned:1;
      \tfield:u64 ptr;\toffset:16;\tsize:8;\tsigned:0;
      \tfield:int ret;\toffset:24;\tsize:4;\tsigned:1;
      \tfield:bool ok;\toffset:28;\tsize:1;\tsigned:0;
      \tfield:__u8 mac[3];\toffset:29;\tsize:3;\tsigned:0;
      \tfield:__data_loc u16[] ports;\toffset:32;\tsize:4;\tsigned:0;

      print fmt: "%s", REC->name
      """;

  private static final Target TARGET = new Target(WordSize.BITS_64, ByteOrder.LITTLE_ENDIAN);

  private static EventType type() {
    Layout layout =
        new FormatCompiler().compile("demo", FORMAT.getBytes(UTF_8), TARGET).layout().orElseThrow();
    EventName name = new EventName("demo", "all_kinds");
    SchemaVersion schema = new FreshSchemas().schema(name, layout);
    DecodePlan plan = new DecodePlanner().plan(layout, schema);
    return new EventType(7, name, layout, schema, plan, new PlanInterpreter(plan));
  }

  private static TraceContent content(List<TraceBuffer> buffers) {
    return new TraceContent(
        new KernelInput(
            "demo",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of()),
        TARGET,
        buffers,
        new byte[0],
        new byte[0],
        new byte[0]);
  }

  private static String json(TraceContent content, RecordCursor record) {
    EventType type = type();
    byte[] message = new byte[type.translator().maxMessageSize(record.length()) + 3];
    int end =
        type.translator().translate(record.bytes(), record.offset(), record.length(), message, 3);
    JsonWriter writer =
        new JsonWriter(content, pid -> pid == 258 ? "a\"b\u00ff".getBytes(ISO_8859_1) : null);
    TextBuffer out = new TextBuffer();
    out.put("before ");
    writer.write(record, type, message, 3, end - 3, out);
    return out.toString();
  }

  private static RecordCursor record(String hex, int buffer, long lost, String commandName) {
    byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    return new OneRecord(
        123_456_789_012L,
        3,
        buffer,
        bytes,
        1,
        bytes.length - 1,
        lost,
        commandName.isEmpty() ? null : commandName.getBytes(UTF_8));
  }

  private static final String WHOLE =
      "ff 0700 01 02 02010000 68690a0000000000 5882048100ff8cff feffffff 01 001122 24000400 5000ffff";

  @Test
  void every_kind_of_field_is_written_by_the_rules_of_protobufs_json() {
    assertEquals(
        """
        before {"timestamp":123456789012,"cpu":3,"event":"demo/all_kinds","flags":1,"preempt_count":2,"pid":258,"comm":"a\\"b\ufffd",\
        "message":{"name":"hi\\n","ptr":"18414373354040754776","ret":-2,"ok":true,"mac":"ABEi","ports":[80,65535]}}
        """,
        json(content(List.of(new TraceBuffer("", "local", 4))), record(WHOLE, 0, 0, "")));
  }

  @Test
  void the_buffer_lost_events_and_the_name_at_that_time_are_told_where_they_are_known() {
    List<TraceBuffer> buffers =
        List.of(new TraceBuffer("", "local", 4), new TraceBuffer("in\\st", "local", 4));
    assertEquals(
        """
        before {"timestamp":123456789012,"cpu":3,"buffer":"in\\\\st","event":"demo/all_kinds","flags":1,"preempt_count":2,"pid":258,"comm":"then","lost_before":-1,\
        "message":{"name":"hi\\n","ptr":"18414373354040754776","ret":-2,"ok":true,"mac":"ABEi","ports":[80,65535]}}
        """,
        json(content(buffers), record(WHOLE, 1, -1, "then")));
  }

  @Test
  void fields_that_a_message_has_not_have_their_default_value() {
    assertEquals(
        """
        before {"timestamp":123456789012,"cpu":3,"event":"demo/all_kinds","flags":1,"preempt_count":2,\
        "message":{"name":"","ptr":0,"ret":0,"ok":false,"mac":"","ports":[]}}
        """,
        json(content(List.of()), record("ff 0700 01 02 0201", 0, 0, "")));
  }
}
