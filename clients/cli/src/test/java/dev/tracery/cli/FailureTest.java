package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.tracery.client.FakeServer;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.KernelEvent;
import dev.tracery.v1.ListEventsResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FailureTest {

  @Test
  void aServerThatIsNotThereIsExitStatus3AndSaysWhatToDo() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Run run = Run.of("kernels", "--server", "localhost:" + port);

    assertEquals(3, run.status());
    assertEquals("", run.out());
    assertTrue(
        run.err()
            .matches(
                "tracery: cannot reach the registry at localhost:"
                    + port
                    + " \\(Connection refused[^)]*\\); is it running\\? `tracery serve` starts one,"
                    + " --server names another\n"),
        run.err());
  }

  @Test
  void whatGrpcLogsIsNotShown() {
    Run.of("--version");

    assertEquals(
        false, Logger.getLogger("io.grpc.internal.ManagedChannelImpl").isLoggable(Level.SEVERE));
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT, 2",
    "NOT_FOUND, 2",
    "FAILED_PRECONDITION, 2",
    "OUT_OF_RANGE, 2",
    "RESOURCE_EXHAUSTED, 2",
    "INTERNAL, 3",
    "DATA_LOSS, 3",
    "UNKNOWN, 3",
    "PERMISSION_DENIED, 3",
  })
  void whatTheServerRefusesIsItsMessageAndTheExitStatusSaysWhoCanMendIt(
      Status.Code code, int exitStatus) {
    try (FakeServer server =
        FakeServer.builder()
            .unary(
                AdminServiceGrpc.getGetStatusMethod(),
                request -> {
                  throw code.toStatus().withDescription("because\nof this").asRuntimeException();
                })
            .start()) {
      assertEquals(
          new Run(exitStatus, "", "tracery: because\\x0aof this\n"),
          Run.at(server.address(), "status"));
    }
  }

  @ParameterizedTest
  @CsvSource({"LIMIT_EXCEEDED, 2", "WRITERS_BUSY, 3", "STORE_FULL, 3"})
  void whatIsExhaustedMayBeTheServers(String reason, int exitStatus) {
    var status =
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
            .setMessage("no more")
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder().setReason(reason).setDomain("tracery.dev").build()));
    try (FakeServer server =
        FakeServer.builder()
            .unary(
                AdminServiceGrpc.getGetStatusMethod(),
                request -> {
                  throw StatusProto.toStatusRuntimeException(status.build());
                })
            .start()) {
      assertEquals(
          new Run(exitStatus, "", "tracery: no more\n"), Run.at(server.address(), "status"));
    }
  }

  @Test
  void anotherKindOfServerIsToldApart() {
    try (FakeServer server = FakeServer.builder().start()) {
      assertEquals(
          new Run(
              3,
              "",
              "tracery: what listens at "
                  + server.address()
                  + " is not a registry that knows this command: Method not found:"
                  + " tracery.v1.AdminService/GetStatus\n"),
          Run.at(server.address(), "status"));
    }
  }

  @Test
  void aDamagedImportIsBadInput() {
    try (FakeServer server =
        FakeServer.builder()
            .refusing(
                AdminServiceGrpc.getImportMethod(),
                Status.DATA_LOSS
                    .withDescription("damaged at byte 17: expected a header")
                    .asRuntimeException())
            .start()) {
      assertEquals(
          new Run(2, "", "tracery: pom.xml: damaged at byte 17: expected a header\n"),
          Run.at(server.address(), "import", "pom.xml"));
    }
  }

  @Test
  void aStackTraceIsShownOnlyOnDemand() {
    try (FakeServer server = FakeServer.builder().start()) {
      Run run = Run.in(Map.of("TRACERY_SERVER", server.address(), "TRACERY_DEBUG", "1"), "status");

      assertTrue(run.err().contains("\tat dev.tracery.cli."), run.err());
    }
  }

  @Test
  void aReaderThatHasHeardEnoughEndsTheCommandQuietly() {
    Run run = listingTo(new FailingStream("Broken pipe"));

    assertEquals(new Run(0, "", ""), run);
  }

  @Test
  void aFullDiskIsNotQuiet() {
    Run run = listingTo(new FailingStream("No space left on device"));

    assertEquals(
        new Run(3, "", "tracery: cannot write to standard output: No space left on device\n"), run);
  }

  @Test
  void evenAShortAnswerToAFullDiskIsNotQuiet() {
    Run run = Run.to(new FailingStream("No space left on device"), false, Map.of(), "--help");

    assertEquals(
        new Run(3, "", "tracery: cannot write to standard output: No space left on device\n"), run);
  }

  /// Lists without end.
  private static Run listingTo(OutputStream out) {
    KernelEvent event = KernelEvent.newBuilder().setEvent("a/b").build();
    try (FakeServer server =
        FakeServer.builder()
            .unary(
                RegistryServiceGrpc.getListEventsMethod(),
                request ->
                    ListEventsResponse.newBuilder()
                        .addEvents(event)
                        .addEvents(event)
                        .setNextPageToken("more")
                        .build())
            .start()) {
      return Run.to(out, false, Map.of("TRACERY_SERVER", server.address()), "events");
    }
  }

  /// Refuses the first byte.
  private static final class FailingStream extends OutputStream {
    private final String reason;

    FailingStream(String reason) {
      this.reason = reason;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(reason);
    }
  }
}
