package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tracery.client.FakeServer;
import dev.tracery.compiler.KernelCompiler;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.GetKernelTypesRequest;
import dev.tracery.v1.GetKernelTypesResponse;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.GetSchemaResponse;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.Layout;
import dev.tracery.v1.LayoutField;
import dev.tracery.v1.ListEventsResponse;
import dev.tracery.v1.ListKernelsResponse;
import dev.tracery.v1.MemberKind;
import dev.tracery.v1.Parameter;
import dev.tracery.v1.ParameterList;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.StructMember;
import dev.tracery.v1.Tracepoint;
import dev.tracery.v1.WordSize;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReadCommandsTest {

  private static final String FORMAT =
      """
      name: wake
      ID: 319
      format:
      	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
      	field:unsigned char common_flags;	offset:2;	size:1;	signed:0;
      	field:unsigned char common_preempt_count;	offset:3;	size:1;	signed:0;
      	field:int common_pid;	offset:4;	size:4;	signed:1;

      	field:char comm[16];	offset:8;	size:16;	signed:1;
      	field:__data_loc char[] name;	offset:24;	size:4;	signed:1;
      	field:long state;	offset:32;	size:8;	signed:1;

      print fmt: "%s %s", REC->comm, __print_symbolic(REC->state, { 0, "R" }, { 1, "S" })
      """;

  @ParameterizedTest
  @CsvSource({
    "kernels, kernels",
    "kernels-json, kernels --output json",
    "events, events",
    "events-kernel, events 5.10.0-46-amd64 --filter sched/*",
    "events-json, events 5.10.0-46-amd64 --output json",
    "events-not-found, events nope",
    "diff-kernels, diff a b",
    "diff-kernels-json, diff a b --output json",
    "diff-schemas, diff --event sched/sched_switch --from 1",
    "diff-schemas-same, diff --event sched/sched_switch --from 1 --to 1",
    "diff-schemas-json, diff --event sched/sched_switch --from 1 --to 2 --output json",
    "status, status",
    "status-json, status --output json",
    "import, import pom.xml",
    "import-json, import pom.xml --output json",
  })
  void answers(String golden, String line) {
    try (FakeServer server = Answers.registry().start()) {
      Golden.check(golden, Run.at(server.address(), line.split(" ")).toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "show-params, show sched/wake --kernel 5.10 --params",
    "show-params-json, show sched/wake --kernel 5.10 --params --output json",
    "show-params-class, show sched/wake_new --kernel 5.10 --params",
    "show-params-none, show syscalls/sys_enter_openat --kernel 5.10 --params",
    "show-params-no-btf, show sched/wake --kernel 6.1 --params --at-revision 3",
  })
  void showsWhatBtfSays(String golden, String line) {
    try (FakeServer server = schemas(new ArrayList<>())) {
      Golden.check(golden, Run.at(server.address(), line.split(" ")).toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "show-proto, show sched/wake --version 1",
    "show-proto-json, show sched/wake --output json",
    "show-descriptor, show sched/wake --format descriptor",
    "show-layout, show sched/wake --kernel 5.10",
    "show-layout-json, show sched/wake --kernel 5.10 --output json",
    "show-plan, show sched/wake --kernel 5.10 --format plan",
    "show-plan-json, show sched/wake --kernel 5.10 --format plan --output json",
  })
  void showsAnEvent(String golden, String line) {
    try (FakeServer server = schemas(new ArrayList<>())) {
      Golden.check(golden, Run.at(server.address(), line.split(" ")).toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kernels | no kernels are registered yet
          kernels --at-revision 3 | no kernels are registered yet at revision 3
          kernels --series nope | no kernel is in the series nope
          events | no events are registered yet
          events --filter switch | no event matches switch; a filter matches system/name, such as '*/sched_switch'
          """)
  void saysThatThereIsNothing(String line, String message) {
    try (FakeServer server =
        FakeServer.builder()
            .unary(
                RegistryServiceGrpc.getListKernelsMethod(),
                request -> ListKernelsResponse.getDefaultInstance())
            .unary(
                RegistryServiceGrpc.getListEventsMethod(),
                request -> ListEventsResponse.getDefaultInstance())
            .start()) {
      Run run = Run.at(server.address(), line.split(" "));

      assertEquals(0, run.status());
      assertEquals("tracery: " + message + "\n", run.err());
      assertEquals("", Run.at(server.address(), (line + " --output json").split(" ")).err());
    }
  }

  @Test
  void theDescriptorInJsonHasItsOptions() throws Exception {
    try (FakeServer server = schemas(new ArrayList<>())) {
      Run run =
          Run.at(
              server.address(), "show", "sched/wake", "--format", "descriptor", "--output", "json");
      Matcher set = Pattern.compile("\"descriptorSet\":\"([^\"]+)\"").matcher(run.out());

      assertTrue(set.find(), run.out());
      assertEquals(
          FileDescriptorSet.parseFrom(compiled().descriptors().toByteString()),
          FileDescriptorSet.parseFrom(Base64.getDecoder().decode(set.group(1))));
    }
  }

  @Test
  void asksForALayoutByEitherSpellingOfItsHash() {
    List<GetSchemaRequest> requests = new ArrayList<>();
    try (FakeServer server = schemas(requests)) {
      byte[] hash = Answers.hash(0xab).toByteArray();
      Run.at(server.address(), "show", "a/b", "--layout", "ab".repeat(32));
      Run.at(server.address(), "show", "a/b", "--layout", Base64.getEncoder().encodeToString(hash));

      assertEquals(2, requests.size());
      assertEquals(Answers.hash(0xab), requests.get(0).getLayoutHash());
      assertEquals(requests.get(0), requests.get(1));
    }
  }

  @Test
  void coloursATerminalUnlessToldNotTo() {
    try (FakeServer server = Answers.registry().start()) {
      String address = server.address();
      String[] diff = {"diff", "--event", "a/b", "--from", "1"};
      Run coloured = Run.onTerminal(Map.of("TRACERY_SERVER", address), diff);
      Run plain = Run.onTerminal(Map.of("TRACERY_SERVER", address, "NO_COLOR", "1"), diff);

      assertTrue(coloured.out().contains("\u001b[32m  + u32 flags\u001b[0m"), coloured.out());
      assertEquals(Run.at(address, diff), plain);
    }
  }

  private static FakeServer schemas(List<GetSchemaRequest> requests) {
    return FakeServer.builder()
        .unary(
            RegistryServiceGrpc.getGetSchemaMethod(),
            request -> {
              requests.add(request);
              return schema(request);
            })
        .unary(RegistryServiceGrpc.getGetKernelTypesMethod(), ReadCommandsTest::types)
        .start();
  }

  private static GetKernelTypesResponse types(GetKernelTypesRequest request) {
    var answer = GetKernelTypesResponse.newBuilder().setKernel("0123456789abcdef").setRevision(3);
    if (request.getKernel().equals("6.1")) {
      return answer.build();
    }
    KernelTypes.Builder types = answer.getTypesBuilder();
    switch (request.getFilter()) {
      case "wake" ->
          types
              .addTracepoints(
                  Tracepoint.newBuilder()
                      .setName("wake")
                      .setParameters(
                          ParameterList.newBuilder()
                              .addParameters(parameter("struct task_struct *", "p"))
                              .addParameters(parameter("void (*)(int)", ""))))
              .addStructs(
                  EventStruct.newBuilder()
                      .setName("trace_event_raw_wake")
                      .setSize(40)
                      .addMembers(member("ent", "struct trace_entry", 0, 64, "STRUCT"))
                      .addMembers(member("comm", "char[16]", 64, 128, "ARRAY"))
                      .addMembers(member("pid", "pid_t", 192, 32, "INTEGER").setSigned(true))
                      .addMembers(member("low", "unsigned int", 224, 3, "INTEGER"))
                      .addMembers(member("high", "unsigned int", 227, 5, "INTEGER"))
                      .addMembers(member("call", "void (*)(int)", 256, 64, "POINTER"))
                      .addMembers(member("__data", "char[]", 320, 0, "ARRAY")));
      case "wake_new" -> types.addTracepoints(Tracepoint.newBuilder().setName("wake_new"));
      default -> {}
    }
    return answer.build();
  }

  private static Parameter parameter(String type, String name) {
    return Parameter.newBuilder().setType(type).setName(name).build();
  }

  private static StructMember.Builder member(
      String name, String type, int offset, int size, String kind) {
    return StructMember.newBuilder()
        .setName(name)
        .setType(type)
        .setBitOffset(offset)
        .setBitSize(size)
        .setKind(MemberKind.valueOf("MEMBER_KIND_" + kind));
  }

  private static GetSchemaResponse schema(GetSchemaRequest request) {
    KernelCompiler compiler = compiled();
    GetSchemaResponse.Builder schema =
        GetSchemaResponse.newBuilder()
            .setEvent("sched/wake")
            .setVersion(1)
            .setMessageName("linux.sched.Wake")
            .setRevision(3);
    request
        .getPartsList()
        .forEach(part -> {
          switch (part) {
            case SCHEMA_PART_PROTO -> schema.setProto("syntax = \"proto3\";\n…\n");
            case SCHEMA_PART_DESCRIPTOR, SCHEMA_PART_IMPORTS ->
                schema.setDescriptorSet(compiler.descriptors());
            case SCHEMA_PART_DECODE_PLAN -> schema.setDecodePlan(compiler.plans().getFirst());
            case SCHEMA_PART_LAYOUT -> schema.setLayout(layout());
            case SCHEMA_PART_UNSPECIFIED, UNRECOGNIZED -> throw new AssertionError(part);
          }
        });
    return schema.build();
  }

  private static KernelCompiler compiled() {
    KernelCompiler compiler = new KernelCompiler();
    compiler.add(
        EventName.parse("sched/wake"),
        "sched/wake/format",
        FORMAT.getBytes(StandardCharsets.UTF_8),
        Target.LITTLE_64);
    return compiler;
  }

  private static Layout layout() {
    return Layout.newBuilder()
        .setHash(Answers.hash(0xcd))
        .setEventName("wake")
        .setWordSize(WordSize.WORD_SIZE_64)
        .setByteOrder(ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
        .addCommonFields(field("common_type", "unsigned short", 0, 2).setSigned(false))
        .addFields(field("comm", "char[16]", 8, 16).setSigned(true))
        .addFields(field("name", "__data_loc char[]", 24, 4))
        .addFields(field("tail", "char[]", 28, 0))
        .setPrintFormat("\"%s\", REC->comm\u0007")
        .build();
  }

  private static LayoutField.Builder field(String name, String type, int offset, int size) {
    return LayoutField.newBuilder().setName(name).setCType(type).setOffset(offset).setSize(size);
  }
}
