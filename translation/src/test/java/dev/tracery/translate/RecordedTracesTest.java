package dev.tracery.translate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.tracery.compiler.emit.DescriptorEmitter;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.translator.EventTranslator;
import dev.tracery.v1.OptionsProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What kernels recorded, and the same damaged.
class RecordedTracesTest {

  private record Reader(EventTranslator interpreter, EventTranslator generated, Descriptor type) {}

  private final GeneratedTranslators generated = new GeneratedTranslators();
  private final Map<Integer, Reader> readers = new HashMap<>();
  private final Random random = new Random(20_261_123);

  static List<Path> traces() {
    return RecordedTraces.all();
  }

  @ParameterizedTest
  @MethodSource("traces")
  void interpreter_and_generated_class_agree_on_every_record_and_protobuf_reads_it(Path file)
      throws IOException {
    long records = 0;
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT);
        RecordCursor cursor = trace.records(RecordFilter.ALL)) {
      EventTypes types = EventTypes.interpreted(trace.content());
      while (cursor.advance()) {
        EventType type = types.of(cursor.bytes(), cursor.offset(), cursor.length());
        if (type != null) {
          byte[] record =
              Arrays.copyOfRange(
                  cursor.bytes(), cursor.offset(), cursor.offset() + cursor.length());
          Reader reader = readers.computeIfAbsent(type.id(), _ -> reader(type));
          byte[] message = agreed(reader, record);
          DynamicMessage parsed = DynamicMessage.parseFrom(reader.type, message);
          // A message that protobuf writes again byte for byte was in its canonical form.
          assertArrayEquals(parsed.toByteArray(), message, type::toString);
          assertEquals(Map.of(), parsed.getUnknownFields().asMap());
          agreed(reader, Arrays.copyOf(record, random.nextInt(record.length + 1)));
          for (int i = random.nextInt(8); i > 0; i--) {
            record[random.nextInt(record.length)] = (byte) random.nextInt();
          }
          agreed(reader, record);
          records++;
        }
      }
    }
    assertTrue(records > 100, file + " has only " + records + " records that were read");
  }

  private static byte[] agreed(Reader reader, byte[] record) {
    byte[] expected = translated(reader.interpreter, record);
    assertArrayEquals(expected, translated(reader.generated, record));
    return expected;
  }

  private static byte[] translated(EventTranslator translator, byte[] record) {
    byte[] out = new byte[translator.maxMessageSize(record.length)];
    return Arrays.copyOf(out, translator.translate(record, 0, record.length, out, 0));
  }

  private Reader reader(EventType type) {
    FileDescriptorProto file = new DescriptorEmitter().emit(type.schema());
    try {
      Descriptor message =
          FileDescriptor.buildFrom(file, new FileDescriptor[] {OptionsProto.getDescriptor()})
              .getMessageTypes()
              .getFirst();
      return new Reader(
          type.translator(), generated.translator(type.plan(), type.layout().hash()), message);
    } catch (DescriptorValidationException e) {
      throw new AssertionError(type.name().toString(), e);
    }
  }
}
