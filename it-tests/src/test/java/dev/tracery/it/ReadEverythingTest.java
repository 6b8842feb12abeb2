package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.tracery.client.TraceryClient;
import dev.tracery.model.EventName;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.GetSchemaResponse;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.KernelEvent;
import dev.tracery.v1.LayoutField;
import dev.tracery.v1.OptionsProto;
import dev.tracery.v1.SchemaPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every event of every sample kernel, read from a server over gRPC and compared with the format
/// files themselves.
class ReadEverythingTest {

  static List<String> samples() {
    return SampleKernel.ids();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void a_kernel_is_what_its_folder_says(String id) {
    SampleKernel sample = SampleKernel.read(id);
    try (TraceryClient client = SharedRegistry.client()) {
      Kernel kernel = client.kernel(sample.identity().release(), 0);
      assertEquals(
          List.of(
              sample.identity().release(),
              sample.identity().build(),
              sample.identity().machine(),
              sample.identity().target().wordSize().bytes() == 4 ? "WORD_SIZE_32" : "WORD_SIZE_64",
              "BYTE_ORDER_" + sample.identity().target().byteOrder(),
              sample.identity().pageSize(),
              sample.formats().size(),
              (int) sample.formats().keySet().stream().map(EventName::system).distinct().count()),
          List.of(
              kernel.getIdentity().getRelease(),
              kernel.getIdentity().getBuild(),
              kernel.getIdentity().getMachine(),
              kernel.getIdentity().getWordSize().name(),
              kernel.getIdentity().getByteOrder().name(),
              kernel.getIdentity().getPageSize(),
              kernel.getEventCount(),
              kernel.getSystemCount()));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void every_event_of_a_kernel_is_listed_with_its_id(String id) {
    SampleKernel sample = SampleKernel.read(id);
    Map<String, Integer> ids = new LinkedHashMap<>();
    sample.formats().forEach((event, text) -> ids.put(event.toString(), FormatText.id(text)));
    try (TraceryClient client = SharedRegistry.client()) {
      Map<String, Integer> listed = new LinkedHashMap<>();
      client
          .events(sample.identity().release(), "", 0)
          .forEach(event -> listed.put(event.getEvent(), event.getId()));
      assertEquals(List.copyOf(ids.entrySet()), List.copyOf(listed.entrySet()));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void every_field_of_every_event_has_a_place_in_a_message(String id) {
    SampleKernel sample = SampleKernel.read(id);
    List<String> problems = new ArrayList<>();
    try (TraceryClient client = SharedRegistry.client()) {
      for (KernelEvent event : client.events(sample.identity().release(), "", 0)) {
        byte[] text = sample.formats().get(EventName.parse(event.getEvent()));
        problems.addAll(
            problems(event, text == null ? new byte[0] : text, schema(client, sample, event)));
      }
    }
    assertEquals(List.of(), problems);
  }

  private static GetSchemaResponse schema(
      TraceryClient client, SampleKernel sample, KernelEvent event) {
    return client.schema(
        GetSchemaRequest.newBuilder()
            .setEvent(event.getEvent())
            .setKernel(sample.identity().release())
            .addParts(SchemaPart.SCHEMA_PART_DESCRIPTOR)
            .addParts(SchemaPart.SCHEMA_PART_DECODE_PLAN)
            .addParts(SchemaPart.SCHEMA_PART_LAYOUT)
            .build());
  }

  private static List<String> problems(KernelEvent event, byte[] text, GetSchemaResponse schema) {
    List<String> problems = new ArrayList<>();
    check(problems, event, "version", event.getSchemaVersion(), schema.getVersion());
    check(problems, event, "hash", event.getLayoutHash(), schema.getLayout().getHash());
    check(
        problems,
        event,
        "plan's hash",
        event.getLayoutHash(),
        schema.getDecodePlan().getLayoutHash());
    check(
        problems,
        event,
        "fields",
        FormatText.fields(text),
        schema.getLayout().getFieldsList().stream().map(ReadEverythingTest::place).toList());
    check(
        problems,
        event,
        "places that the plan reads",
        schema.getLayout().getFieldsList().stream()
            .map(ReadEverythingTest::place)
            .sorted()
            .toList(),
        schema.getDecodePlan().getOperationsList().stream()
            .map(operation -> operation.getOffset() + "+" + operation.getSize())
            .sorted()
            .toList());
    try {
      Descriptor message = link(schema);
      for (DecodeOperation operation : schema.getDecodePlan().getOperationsList()) {
        FieldDescriptor field = message.findFieldByNumber(operation.getFieldNumber());
        if (field == null) {
          problems.add(event.getEvent() + ": no field " + operation.getFieldNumber());
        }
      }
      check(
          problems,
          event,
          "fields of the message",
          schema.getLayout().getFieldsCount(),
          message.getFields().size());
    } catch (DescriptorValidationException e) {
      problems.add(event.getEvent() + ": " + e.getMessage());
    }
    return problems;
  }

  private static String place(LayoutField field) {
    return field.getOffset() + "+" + field.getSize();
  }

  private static Descriptor link(GetSchemaResponse schema) throws DescriptorValidationException {
    FileDescriptorProto file = schema.getDescriptorSet().getFileList().getLast();
    FileDescriptor linked =
        FileDescriptor.buildFrom(file, new FileDescriptor[] {OptionsProto.getDescriptor()});
    String name = schema.getMessageName();
    return linked.getMessageTypes().stream()
        .collect(Collectors.toMap(Descriptor::getFullName, message -> message))
        .getOrDefault(name, linked.getMessageTypes().getFirst());
  }

  private static void check(
      List<String> problems, KernelEvent event, String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      problems.add(
          event.getEvent() + ": " + what + ": expected " + expected + " but found " + found);
    }
  }
}
