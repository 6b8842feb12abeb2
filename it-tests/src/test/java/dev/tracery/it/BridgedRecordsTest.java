package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.tracery.bridge.linux510.Linux510Fields;
import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.emit.DecodePlanner;
import dev.tracery.compiler.emit.DescriptorEmitter;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.Lineage;
import dev.tracery.compiler.lineage.LineageEvolver;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.model.EventName;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.translator.EventTranslator;
import dev.tracery.v1.OptionsProto;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The example's bridges on what XFS recorded under two kernels: the same file system was made and
/// mounted, so the same buffers must have the same lengths.
class BridgedRecordsTest {

  private static final String OLD = "debian-bullseye-5.10.0-46-amd64";
  private static final String NEW = "debian-bookworm-6.1.0-56-amd64";
  private static final List<EventName> EVENTS =
      Stream.of("xfs/xfs_buf_find", "xfs/xfs_buf_get", "xfs/xfs_buf_read")
          .map(EventName::parse)
          .toList();

  /// How `trace-cmd report -R` writes these events on 5.10.
  private static final Pattern PRINTED =
      Pattern.compile(
          " (xfs_buf_(?:find|get|read)): .*? bno=0x([0-9a-f]+) buffer_length=0x([0-9a-f]+) ");

  private static Path trace(String kernel, String file) {
    String corpus = Path.of("..", "..", "shared", "corpus").toString();
    return Path.of(System.getProperty("tracery.corpus", corpus), kernel, "traces", file);
  }

  /// What reads one event.
  private record Reader(Descriptor descriptor, EventTranslator translator) {
    DynamicMessage read(RecordCursor record) throws IOException {
      byte[] out = new byte[translator.maxMessageSize(record.length())];
      int end = translator.translate(record.bytes(), record.offset(), record.length(), out, 0);
      return DynamicMessage.parseFrom(descriptor, Arrays.copyOf(out, end));
    }
  }

  /// Reads records of the new kernel with what the old one had.
  private static Reader reader(EventName event, SampleKernel old, SampleKernel now)
      throws Exception {
    LineageEvolver evolver = new LineageEvolver();
    SchemaVersion first = evolver.begin(event, layout(event, old), Set.of()).version();
    Layout layout = layout(event, now);
    Lineage lineage =
        new Lineage(List.of(first, evolver.evolve(new Lineage(List.of(first)), layout).version()));
    SchemaVersion schema =
        evolver
            .evolve(lineage, layout, List.of(evolver.known(lineage, "buffer_length").getFirst()))
            .version();
    Descriptor descriptor =
        FileDescriptor.buildFrom(
                new DescriptorEmitter().emit(schema),
                new FileDescriptor[] {
                  OptionsProto.getDescriptor(), DescriptorProtos.getDescriptor()
                })
            .getMessageTypes()
            .getFirst();
    return new Reader(
        descriptor,
        new PlanInterpreter(
            new DecodePlanner().plan(layout, schema, new Linux510Fields().fields())));
  }

  private static byte[] format(EventName event, SampleKernel kernel) {
    return Objects.requireNonNull(kernel.formats().get(event));
  }

  private static Layout layout(EventName event, SampleKernel kernel) {
    return new FormatCompiler()
        .compile(event + "/format", format(event, kernel), kernel.identity().target())
        .layout()
        .orElseThrow();
  }

  @Test
  void the_lengths_of_6_1_in_bytes_are_those_that_5_10_recorded() throws Exception {
    assumeTrue(Files.exists(trace(NEW, "io.dat.zst")), "the corpus is not there");
    SampleKernel old = SampleKernel.read(OLD);
    SampleKernel now = SampleKernel.read(NEW);
    Map<Integer, EventName> byId = new HashMap<>();
    Map<EventName, Reader> readers = new HashMap<>();
    for (EventName event : EVENTS) {
      byId.put(FormatText.id(format(event, now)), event);
      readers.put(event, reader(event, old, now));
    }
    Map<String, Set<Long>> read = new TreeMap<>();
    RecordFilter filter =
        new RecordFilter(byId::containsKey, _ -> true, Long.MIN_VALUE, Long.MAX_VALUE);
    try (Trace trace = Traces.open(trace(NEW, "io.dat.zst"), TraceLimits.DEFAULT);
        RecordCursor record = trace.records(filter)) {
      while (record.advance()) {
        int id = record.bytes()[record.offset()] & 0xff;
        id |= (record.bytes()[record.offset() + 1] & 0xff) << 8;
        EventName event = Objects.requireNonNull(byId.get(id));
        DynamicMessage message = Objects.requireNonNull(readers.get(event)).read(record);
        long length = number(message, "buffer_length");
        assertEquals(512 * number(message, "length"), length, event::toString);
        read.computeIfAbsent(
                event.name() + " " + Long.toHexString(number(message, "bno")), _ -> new TreeSet<>())
            .add(length);
      }
    }
    Map<String, Set<Long>> printed = printed();
    printed.keySet().retainAll(read.keySet());
    read.keySet().retainAll(printed.keySet());
    assertTrue(printed.size() >= 30, () -> "buffers of both: " + printed.size());
    assertEquals(printed, read);
  }

  private static long number(DynamicMessage message, String field) {
    Object value = message.getField(message.getDescriptorForType().findFieldByName(field));
    return ((Number) value).longValue();
  }

  private static Map<String, Set<Long>> printed() throws IOException {
    Map<String, Set<Long>> printed = new TreeMap<>();
    try (InputStream in = new ZstdInputStream(Files.newInputStream(trace(OLD, "io.raw.txt.zst")))) {
      String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      for (Matcher line = PRINTED.matcher(text); line.find(); ) {
        printed
            .computeIfAbsent(line.group(1) + " " + line.group(2), _ -> new TreeSet<>())
            .add(Long.parseLong(line.group(3), 16));
      }
    }
    return printed;
  }
}
