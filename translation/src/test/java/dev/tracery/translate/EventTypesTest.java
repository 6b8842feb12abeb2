package dev.tracery.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.trace.TraceContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventTypesTest {

  private static EventTypes types(String... formats) {
    List<EventFormatFile> files =
        IntStream.range(0, formats.length)
            .mapToObj(i ->
                new EventFormatFile(
                    EventName.parse("made/e" + i),
                    "made/e" + i + "/format",
                    formats[i].getBytes(StandardCharsets.UTF_8)))
            .toList();
    KernelInput kernel =
        new KernelInput(
            "made",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            files,
            List.of());
    TraceContent content =
        new TraceContent(
            kernel,
            new Target(WordSize.BITS_64, ByteOrder.LITTLE_ENDIAN),
            List.of(),
            new byte[0],
            new byte[0],
            new byte[0]);
    return new EventTypes(content, new FreshSchemas(), new GeneratedTranslators());
  }

  private static String format(int id, int fields, IntFunction<String> field) {
    return "name: e"
        + id
        + "\nID: "
        + (id + 1)
        + "\nformat:\n"
        + field("unsigned short", "common_type", 0, 2)
        + field("unsigned char", "common_flags", 2, 1)
        + field("unsigned char", "common_preempt_count", 3, 1)
        + field("int", "common_pid", 4, 4)
        + "\n"
        + IntStream.range(0, fields).mapToObj(field).collect(Collectors.joining())
        + "\nprint fmt: \"\"\n";
  }

  private static String field(String type, String name, int offset, int size) {
    return "\tfield:%s %s;\toffset:%d;\tsize:%d;\tsigned:0;\n".formatted(type, name, offset, size);
  }

  @Test
  void a_format_whose_messages_would_be_too_large_leaves_out_its_event_alone() {
    EventTypes types =
        types(
            format(0, 100, i -> field("__data_loc char[]", "f" + i, 8 + 4 * i, 4)),
            format(1, 1, i -> field("int", "f" + i, 8, 4)));
    assertNull(types.byId(1));
    assertNotNull(types.byId(2));
    assertEquals(
        List.of(
            "made/e0/format:1:1: error PLAN_REFUSED: the plan of made/e0 makes messages of more"
                + " than 256 MiB"),
        types.diagnostics().stream().map(Diagnostic::toString).toList());
  }

  @Test
  void an_event_may_have_as_many_fields_as_formats_may() {
    EventTypes types = types(format(0, 1000, i -> field("unsigned long", "f" + i, 8 + 8 * i, 8)));
    EventType type = types.byId(1);
    assertEquals(List.of(), types.diagnostics());
    assertNotNull(type);
    byte[] record = new byte[8 + 8 * 1000];
    java.util.Arrays.fill(record, (byte) -1);
    byte[] out = new byte[type.translator().maxMessageSize(record.length)];
    byte[] expected = new byte[out.length];
    int end = type.translator().translate(record, 0, record.length, out, 0);
    int expectedEnd =
        new PlanInterpreter(type.plan()).translate(record, 0, record.length, expected, 0);
    assertEquals(
        List.of(-1, expectedEnd),
        List.of(java.util.Arrays.mismatch(out, 0, end, expected, 0, expectedEnd), end));
  }
}
