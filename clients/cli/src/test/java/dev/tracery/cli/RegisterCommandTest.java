package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import dev.tracery.client.FakeServer;
import dev.tracery.v1.Diagnostic;
import dev.tracery.v1.EventFormat;
import dev.tracery.v1.FindMissingLayoutsResponse;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.Severity;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegisterCommandTest {

  @TempDir private Path folder = Path.of("");
  private final List<RegisterKernelRequest> received = new ArrayList<>();

  @Test
  void sendsWhatTheInputAndTheFlagsTell() {
    Path input =
        Formats.in(folder).event("a/e", 17, "int x;8;4;1").event("b/f", 18, "int x;8;3;1").folder();
    try (FakeServer server = registry(true)) {
      Run run =
          Run.at(
              server.address(),
              "register",
              input.toString(),
              "--release",
              "6.1.0-50-s390x",
              "--machine",
              "s390x",
              "--build",
              "#1 SMP",
              "--series",
              "debian");

      Golden.check("register", run + sent());
    }
  }

  @Test
  void saysThatNothingIsNew() {
    Path input = Formats.in(folder).event("a/e", 17, "int x;8;4;1").folder();
    try (FakeServer server = registry(false)) {
      String[] line = {"register", input.toString(), "--release", "r", "--machine", "s390x"};
      Golden.check("register-known", Run.at(server.address(), line).toString());
    }
  }

  @Test
  void validatesOnlyAndAnswersInJson() {
    Path input = Formats.in(folder).event("a/e", 17, "int x;8;4;1").folder();
    try (FakeServer server = registry(true)) {
      Run text =
          Run.at(
              server.address(),
              "register",
              input.toString(),
              "--release",
              "r",
              "--machine",
              "s390x",
              "--validate-only");
      Run json =
          Run.at(
              server.address(),
              "register",
              input.toString(),
              "--release",
              "r",
              "--machine",
              "s390x",
              "--validate-only",
              "--output",
              "json");

      Golden.check("register-validate", text + "\n" + json);
      assertEquals(true, received.getFirst().getHeader().getValidateOnly());
    }
  }

  @Test
  void sendsWhatTheBtfSays() {
    Path input = Formats.in(folder).event("a/e", 17, "int x;8;4;1").folder();
    Path btf = Path.of("../../it-tests/samples/debian-bookworm-6.1.0-56-amd64/btf-vmlinux.zst");
    try (FakeServer server = registry(true)) {
      String[] line = {
        "register",
        input.toString(),
        "--release",
        "r",
        "--machine",
        "x86_64",
        "--btf",
        btf.toString()
      };
      Golden.check("register-btf", Run.at(server.address(), line) + sent());
    }
  }

  @Test
  void refusesWhatIsNoBtfOfTheKernel() throws IOException {
    Path input = Formats.in(folder).event("a/e", 17, "int x;8;4;1").folder();
    Path noBtf = Files.writeString(folder.resolve("vmlinux"), "no BTF");
    String[] line = {
      "register",
      input.toString(),
      "--release",
      "r",
      "--machine",
      "x86_64",
      "--btf",
      noBtf.toString()
    };
    try (FakeServer server = registry(true)) {
      assertEquals(
          new Run(
              2,
              "",
              """
              vmlinux: error BTF_NOT_RECOGNISED: expected raw BTF, which begins with the bytes eb 9f or 9f eb
              tracery: FOLDER: 1 error; nothing was registered
              """),
          masked(Run.at(server.address(), line), input));
    }
    assertEquals(List.of(), received);
  }

  private Run masked(Run run, Path input) {
    return new Run(
        run.status(),
        run.out(),
        run.err().replace(input.toString(), "FOLDER").replace(folder + "/", ""));
  }

  @Test
  void tellsWhatTheServerFound() {
    Path input = Formats.in(folder).event("a/e", 17, "int x;8;4;1").folder();
    var refusal =
        com.google.rpc.Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT_VALUE)
            .setMessage("1 error in the formats")
            .addDetails(
                Any.pack(
                    Diagnostic.newBuilder()
                        .setSeverity(Severity.SEVERITY_ERROR)
                        .setCode("FIELD_ODD")
                        .setFile("a/e/format")
                        .setLine(9)
                        .setColumn(3)
                        .setMessage("odd")
                        .build()))
            .build();
    try (FakeServer server =
        FakeServer.builder()
            .unary(
                RegistryServiceGrpc.getFindMissingLayoutsMethod(),
                request -> FindMissingLayoutsResponse.getDefaultInstance())
            .refusing(
                RegistryServiceGrpc.getRegisterKernelMethod(),
                StatusProto.toStatusRuntimeException(refusal))
            .start()) {
      assertEquals(
          new Run(2, "", "a/e/format:9:3: error FIELD_ODD: odd\ntracery: 1 error in the formats\n"),
          Run.at(
              server.address(),
              "register",
              input.toString(),
              "--release",
              "r",
              "--machine",
              "s390x"));
    }
  }

  @Test
  void aConnectionThatIsLostLeavesOpenWhetherTheKernelIsRegistered() {
    Path input = Formats.in(folder).event("a/e", 17, "int x;8;4;1").folder();
    try (FakeServer server =
        FakeServer.builder()
            .unary(
                RegistryServiceGrpc.getFindMissingLayoutsMethod(),
                request -> FindMissingLayoutsResponse.getDefaultInstance())
            .refusing(
                RegistryServiceGrpc.getRegisterKernelMethod(),
                Status.UNAVAILABLE.withDescription("gone").asRuntimeException())
            .start()) {
      assertEquals(
          new Run(
              3,
              "",
              "tracery: the connection to the registry was lost (gone); the kernel may or may not"
                  + " be registered, and doing it again is safe\n"),
          Run.at(
              server.address(),
              "register",
              input.toString(),
              "--release",
              "r",
              "--machine",
              "s390x"));
    }
  }

  private FakeServer registry(boolean created) {
    return FakeServer.builder()
        .unary(
            RegistryServiceGrpc.getFindMissingLayoutsMethod(),
            request ->
                FindMissingLayoutsResponse.newBuilder()
                    .addAllMissing(request.getLayoutHashesList())
                    .build())
        .collecting(
            RegistryServiceGrpc.getRegisterKernelMethod(),
            requests -> {
              received.addAll(requests);
              return RegisterKernelResponse.newBuilder()
                  .setKernel(
                      Kernel.newBuilder(Answers.NEW)
                          .setIdentity(requests.getFirst().getHeader().getIdentity())
                          .addSeries("debian"))
                  .setRevision(13)
                  .setCreated(created)
                  .setTypesAdded(requests.stream().anyMatch(RegisterKernelRequest::hasTypes))
                  .setNewLayouts(created ? 2 : 0)
                  .setNewSchemaVersions(created ? 1 : 0)
                  .build();
            })
        .start();
  }

  private String sent() {
    StringBuilder sent = new StringBuilder("--- sent\n");
    for (RegisterKernelRequest request : received) {
      sent.append(request.hasHeader() ? request.getHeader() : "");
      if (request.hasTypes()) {
        sent.append(request.getTypes().getTracepointsCount()).append(" tracepoints\n");
        sent.append(request.getTypes().getStructsCount()).append(" structs\n");
      }
      for (EventFormat event : request.getEvents().getEventsList()) {
        sent.append(event.getEvent()).append(' ').append(event.getId()).append(' ');
        sent.append(event.getText().size()).append(" bytes\n");
      }
    }
    return sent.toString();
  }
}
