package dev.tracery.compiler.lineage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.tracery.compiler.SampleKernels;
import dev.tracery.compiler.emit.DescriptorEmitter;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import dev.tracery.v1.OptionsProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// In whatever order real kernels are registered, every version of a lineage reads every other's
/// messages.
class LineagePropertyTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void every_version_reads_every_others_messages(long seed) throws Exception {
    Random random = new Random(seed);
    int checkedPairs = 0;
    for (Lineage lineage : lineages(random)) {
      List<Descriptor> versions = new ArrayList<>();
      for (SchemaVersion version : lineage.versions()) {
        versions.add(descriptor(version));
      }
      checkNumbersHoldForEver(lineage);
      for (Descriptor writer : versions) {
        for (Descriptor reader : versions) {
          if (writer != reader) {
            checkReads(random, writer, reader);
            checkedPairs++;
          }
        }
      }
    }
    assertTrue(checkedPairs > 1000, "only " + checkedPairs + " pairs of versions were checked");
  }

  private static Collection<Lineage> lineages(Random random) {
    List<Map<EventName, Layout>> kernels = new ArrayList<>(SampleKernels.layouts());
    Collections.shuffle(kernels, random);
    return SampleKernels.lineages(kernels).values();
  }

  private static void checkNumbersHoldForEver(Lineage lineage) {
    Map<Integer, String> meanings = new HashMap<>();
    Set<Integer> wide = new HashSet<>();
    for (SchemaVersion version : lineage.versions()) {
      for (List<SchemaField> fields : List.of(version.fields(), version.removed())) {
        for (SchemaField field : fields) {
          String meaning =
              field.protoName()
                  + " "
                  + field.name()
                  + " "
                  + field.occurrence()
                  + " "
                  + field.kind();
          String before = meanings.putIfAbsent(field.number(), meaning);
          assertTrue(
              before == null || before.equals(meaning),
              () ->
                  version.event() + " number " + field.number() + ": " + before + " → " + meaning);
          assertTrue(
              field.wide() || !wide.contains(field.number()),
              () -> version.event() + " " + field.name() + " narrowed");
          if (field.wide()) {
            wide.add(field.number());
          }
        }
      }
      Set<Integer> present = new HashSet<>();
      version.fields().forEach(field -> present.add(field.number()));
      version.removed().forEach(field -> assertTrue(present.add(field.number())));
      assertTrue(
          present.containsAll(meanings.keySet()), () -> version.event() + " forgot a number");
    }
  }

  private static void checkReads(Random random, Descriptor writer, Descriptor reader)
      throws Exception {
    DynamicMessage written = randomMessage(random, writer);
    DynamicMessage read = DynamicMessage.parseFrom(reader, written.toByteString());
    boolean lossless = true;
    for (FieldDescriptor field : writer.getFields()) {
      FieldDescriptor same = reader.findFieldByNumber(field.getNumber());
      if (same == null) {
        continue;
      }
      boolean narrower = is64(field) && !is64(same);
      lossless &= !narrower;
      assertEquals(
          widened(field, written.getField(field), narrower),
          widened(same, read.getField(same), narrower),
          () -> writer.getFullName() + "." + field.getName());
    }
    if (lossless) {
      assertEquals(written, DynamicMessage.parseFrom(writer, read.toByteString()));
    }
  }

  private static boolean is64(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.LONG;
  }

  /// A value as its wider type has it, or both as the narrower one.
  private static Object widened(FieldDescriptor field, Object value, boolean truncate) {
    if (value instanceof List<?> list) {
      return list.stream().map(element -> widened(field, element, truncate)).toList();
    }
    if (value instanceof Integer number) {
      boolean unsigned = field.getType() == FieldDescriptor.Type.UINT32;
      return truncate ? (Object) number : unsigned ? Integer.toUnsignedLong(number) : (long) number;
    }
    return value instanceof Long number && truncate ? (Object) (int) (long) number : value;
  }

  private static DynamicMessage randomMessage(Random random, Descriptor type) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      if (field.isRepeated()) {
        for (int i = random.nextInt(4); i > 0; i--) {
          message.addRepeatedField(field, randomValue(random, field));
        }
      } else {
        message.setField(field, randomValue(random, field));
      }
    }
    return message.build();
  }

  private static Object randomValue(Random random, FieldDescriptor field) {
    int shift = random.nextInt(64);
    return switch (field.getJavaType()) {
      case INT -> random.nextInt() >> shift / 2;
      case LONG -> random.nextLong() >> shift;
      case BOOLEAN -> random.nextBoolean();
      case STRING -> "é" + random.nextInt();
      case BYTE_STRING -> {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        yield ByteString.copyFrom(bytes);
      }
      case FLOAT, DOUBLE, ENUM, MESSAGE -> throw new AssertionError(field.toString());
    };
  }

  private static Descriptor descriptor(SchemaVersion version) throws Exception {
    FileDescriptor options = OptionsProto.getDescriptor();
    return FileDescriptor.buildFrom(
            new DescriptorEmitter().emit(version), new FileDescriptor[] {options})
        .getMessageTypes()
        .getFirst();
  }
}
