package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.reflection.v1.ExtensionNumberResponse;
import io.grpc.reflection.v1.ExtensionRequest;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReflectionTest {

  private final TestServer server = new TestServer();

  @BeforeEach
  void oneEvent() {
    server.registry.files.put("linux.sched.SchedSwitch", Samples.schedSwitch());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void services_are_listed_in_order() {
    assertEquals(
        List.of(
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection",
            "tracery.v1.AdminService",
            "tracery.v1.CompatibilityService",
            "tracery.v1.ConsumerService",
            "tracery.v1.NegotiationService",
            "tracery.v1.RegistryService",
            "tracery.v1.TranslationService",
            "tracery.v1.TranslatorService"),
        ask(ServerReflectionRequest.newBuilder().setListServices("*"))
            .getListServicesResponse()
            .getServiceList()
            .stream()
            .map(ServiceResponse::getName)
            .toList());
  }

  @Test
  void an_events_message_comes_with_what_it_imports_and_links() throws Exception {
    ServerReflectionResponse answer = symbol("linux.sched.SchedSwitch");
    assertEquals(
        List.of(
            "linux/sched/sched_switch.proto",
            "tracery/v1/options.proto",
            "google/protobuf/descriptor.proto"),
        names(answer));
    FileDescriptor file = link(answer);
    assertEquals(
        Samples.schedSwitch().getFile(2).getMessageType(0),
        file.findMessageTypeByName("SchedSwitch").toProto());
  }

  @Test
  void every_symbol_of_the_services_is_found_and_links() throws Exception {
    Map<String, String> files =
        Map.of(
            "tracery.v1.RegistryService", "tracery/v1/registry_service.proto",
            "tracery.v1.RegistryService.GetSchema", "tracery/v1/registry_service.proto",
            "tracery.v1.AdminService", "tracery/v1/admin_service.proto",
            "tracery.v1.KernelIdentity", "tracery/v1/kernel.proto",
            "tracery.v1.KernelIdentity.release", "tracery/v1/kernel.proto",
            "tracery.v1.WordSize", "tracery/v1/kernel.proto",
            "tracery.v1.event", "tracery/v1/options.proto",
            "google.rpc.BadRequest.FieldViolation", "google/rpc/error_details.proto",
            "grpc.health.v1.Health", "grpc/health/v1/health.proto",
            "google.protobuf.Timestamp", "google/protobuf/timestamp.proto");
    for (Map.Entry<String, String> file : files.entrySet()) {
      assertEquals(file.getValue(), link(symbol(file.getKey())).getName());
    }
  }

  @Test
  void a_leading_dot_and_a_field_of_an_event_are_understood() {
    List<String> expected = names(symbol("linux.sched.SchedSwitch"));
    assertEquals(expected, names(symbol(".linux.sched.SchedSwitch")));
    assertEquals(expected, names(symbol("linux.sched.SchedSwitch.prev_pid")));
    assertEquals(
        "5 no symbol linux.sched.SchedSwitch.nothing here",
        error(symbol("linux.sched.SchedSwitch.nothing")));
  }

  @Test
  void files_are_found_by_name() throws Exception {
    for (String name :
        List.of(
            "linux/sched/sched_switch.proto",
            "tracery/v1/options.proto",
            "tracery/v1/registry_service.proto",
            "google/protobuf/descriptor.proto")) {
      assertEquals(
          name, link(ask(ServerReflectionRequest.newBuilder().setFileByFilename(name))).getName());
    }
    assertEquals(
        "5 no file linux/sched/no.proto here",
        error(ask(ServerReflectionRequest.newBuilder().setFileByFilename("linux/sched/no.proto"))));
  }

  @Test
  void our_options_are_found_as_extensions() {
    assertEquals(
        ExtensionNumberResponse.newBuilder()
            .setBaseTypeName("google.protobuf.MessageOptions")
            .addExtensionNumber(57101)
            .build(),
        numbers("google.protobuf.MessageOptions").getAllExtensionNumbersResponse());
    assertEquals(
        ExtensionNumberResponse.newBuilder()
            .setBaseTypeName("google.protobuf.FieldOptions")
            .addExtensionNumber(57102)
            .build(),
        numbers("google.protobuf.FieldOptions").getAllExtensionNumbersResponse());
    assertEquals(
        ExtensionNumberResponse.newBuilder().setBaseTypeName("linux.sched.SchedSwitch").build(),
        numbers("linux.sched.SchedSwitch").getAllExtensionNumbersResponse());
    assertEquals("5 no message x.Y here", error(numbers("x.Y")));
    assertEquals(
        List.of("tracery/v1/options.proto", "google/protobuf/descriptor.proto"),
        names(extension("google.protobuf.FieldOptions", 57102)));
    assertEquals(
        "5 no extension 1 of google.protobuf.FieldOptions here",
        error(extension("google.protobuf.FieldOptions", 1)));
  }

  @Test
  void what_is_not_there_is_an_answer_and_the_stream_goes_on() {
    assertEquals("5 no symbol linux.no.Such here", error(symbol("linux.no.Such")));
    assertEquals("5 no symbol  here", error(symbol("")));
    assertEquals("3 the request asks nothing", error(ask(ServerReflectionRequest.newBuilder())));
    server.current.clear(server.registry);
    assertEquals(
        "14 the registry is not up yet or is being replaced; try again in a moment",
        error(symbol("linux.sched.SchedSwitch")));
    assertEquals(
        List.of("tracery/v1/options.proto", "google/protobuf/descriptor.proto"),
        names(symbol("tracery.v1.EventOptions")));
  }

  @Test
  void the_older_protocol_answers_the_same() throws Exception {
    Recorder<
            io.grpc.reflection.v1alpha.ServerReflectionRequest,
            io.grpc.reflection.v1alpha.ServerReflectionResponse>
        answers = Recorder.eager();
    StreamObserver<io.grpc.reflection.v1alpha.ServerReflectionRequest> stream =
        io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(server.channel)
            .serverReflectionInfo(answers);
    stream.onNext(
        io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
            .setHost("h")
            .setFileContainingSymbol("linux.sched.SchedSwitch")
            .build());
    stream.onNext(
        io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol("x")
            .build());
    stream.onCompleted();
    assertNull(answers.end());
    assertEquals(
        symbol("linux.sched.SchedSwitch").getFileDescriptorResponse().toByteString(),
        answers.received().getFirst().getFileDescriptorResponse().toByteString());
    assertEquals("h", answers.received().getFirst().getValidHost());
    assertEquals(
        "no symbol x here", answers.received().get(1).getErrorResponse().getErrorMessage());
  }

  private ServerReflectionResponse symbol(String symbol) {
    return ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol));
  }

  private ServerReflectionResponse numbers(String type) {
    return ask(ServerReflectionRequest.newBuilder().setAllExtensionNumbersOfType(type));
  }

  private ServerReflectionResponse extension(String type, int number) {
    return ask(
        ServerReflectionRequest.newBuilder()
            .setFileContainingExtension(
                ExtensionRequest.newBuilder().setContainingType(type).setExtensionNumber(number)));
  }

  private ServerReflectionResponse ask(ServerReflectionRequest.Builder request) {
    Recorder<ServerReflectionRequest, ServerReflectionResponse> answers = Recorder.eager();
    StreamObserver<ServerReflectionRequest> stream =
        ServerReflectionGrpc.newStub(server.channel).serverReflectionInfo(answers);
    ServerReflectionRequest sent = request.setHost("localhost").build();
    stream.onNext(sent);
    stream.onCompleted();
    assertNull(answers.end());
    ServerReflectionResponse answer = answers.received().getFirst();
    assertEquals(sent, answer.getOriginalRequest());
    return answer;
  }

  private static String error(ServerReflectionResponse answer) {
    return answer.getErrorResponse().getErrorCode()
        + " "
        + answer.getErrorResponse().getErrorMessage();
  }

  private static List<FileDescriptorProto> files(ServerReflectionResponse answer) {
    List<FileDescriptorProto> files = new ArrayList<>();
    for (ByteString file : answer.getFileDescriptorResponse().getFileDescriptorProtoList()) {
      try {
        files.add(FileDescriptorProto.parseFrom(file));
      } catch (com.google.protobuf.InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
    return files;
  }

  private static List<String> names(ServerReflectionResponse answer) {
    return files(answer).stream().map(FileDescriptorProto::getName).toList();
  }

  /// Links the files of an answer, with nothing else, and gives the first, which was asked for.
  private static FileDescriptor link(ServerReflectionResponse answer) throws Exception {
    Map<String, FileDescriptor> linked = new HashMap<>();
    FileDescriptor last = null;
    for (FileDescriptorProto file : files(answer).reversed()) {
      List<FileDescriptor> imports = new ArrayList<>();
      for (String name : file.getDependencyList()) {
        imports.add(java.util.Objects.requireNonNull(linked.get(name), name));
      }
      last = FileDescriptor.buildFrom(file, imports.toArray(FileDescriptor[]::new));
      linked.put(file.getName(), last);
    }
    return java.util.Objects.requireNonNull(last);
  }
}
