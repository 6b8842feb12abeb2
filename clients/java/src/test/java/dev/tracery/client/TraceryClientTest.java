package dev.tracery.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.ExportRequest;
import dev.tracery.v1.ExportResponse;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.ImportRequest;
import dev.tracery.v1.ImportResponse;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.ListKernelsRequest;
import dev.tracery.v1.ListKernelsResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TraceryClientTest {

  @Test
  void asksForTheNextPageWhenTheLastOneIsUsedUp() {
    List<String> tokens = new ArrayList<>();
    try (FakeServer server =
            FakeServer.builder()
                .unary(
                    RegistryServiceGrpc.getListKernelsMethod(),
                    request -> {
                      tokens.add(request.getPageToken());
                      return page(request);
                    })
                .start();
        TraceryClient client = connect(server)) {
      Iterator<Kernel> kernels = client.kernels("debian", 5).iterator();

      assertEquals("a", kernels.next().getId());
      assertEquals("b", kernels.next().getId());
      assertEquals(List.of(""), tokens);
      assertEquals("c", kernels.next().getId());
      assertEquals(false, kernels.hasNext());
      assertEquals(List.of("", "second", "empty"), tokens);
    }
  }

  /// Two kernels, one kernel, and a last page without any.
  private static ListKernelsResponse page(ListKernelsRequest request) {
    assertEquals("debian", request.getSeries());
    assertEquals(5, request.getAtRevision());
    return switch (request.getPageToken()) {
      case "" -> page("second", "a", "b");
      case "second" -> page("empty", "c");
      default -> page("");
    };
  }

  private static ListKernelsResponse page(String next, String... ids) {
    var page = ListKernelsResponse.newBuilder().setNextPageToken(next);
    for (String id : ids) {
      page.addKernels(Kernel.newBuilder().setId(id));
    }
    return page.build();
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int freePort;
    try (ServerSocket socket = new ServerSocket(0)) {
      freePort = socket.getLocalPort();
    }
    try (TraceryClient client =
        TraceryClient.connect("localhost:" + freePort, ClientOptions.defaults())) {
      TraceryException failure = assertThrows(TraceryException.class, client::status);

      assertEquals(Code.UNAVAILABLE, failure.code());
      assertEquals(
          "Connection refused", String.valueOf(failure.getMessage()).replaceFirst(": .*", ""));
    }
  }

  @Test
  void givesUpAtTheDeadline() {
    try (FakeServer server =
            FakeServer.builder()
                .streaming(RegistryServiceGrpc.getWatchMethod(), (request, answers) -> {})
                .unary(
                    AdminServiceGrpc.getGetStatusMethod(),
                    request -> {
                      try {
                        Thread.sleep(Duration.ofMinutes(1));
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return GetStatusResponse.getDefaultInstance();
                    })
                .start();
        TraceryClient client =
            TraceryClient.connect(
                server.address(), ClientOptions.defaults().withDeadline(Duration.ofMillis(50)))) {
      TraceryException failure = assertThrows(TraceryException.class, client::status);

      assertEquals(Code.DEADLINE_EXCEEDED, failure.code());
    }
  }

  @Test
  void writesAnExportAsItComes() throws IOException {
    try (FakeServer server =
            FakeServer.builder()
                .streaming(
                    AdminServiceGrpc.getExportMethod(),
                    (ExportRequest request,
                        io.grpc.stub.StreamObserver<ExportResponse> answers) -> {
                      assertEquals(3, request.getAtRevision());
                      answers.onNext(chunk("one "));
                      answers.onNext(chunk("two"));
                      answers.onCompleted();
                    })
                .start();
        TraceryClient client = connect(server)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();

      assertEquals(7, client.exportTo(out, 3));
      assertEquals("one two", out.toString());
    }
  }

  @Test
  void sendsAnImportInParts() throws IOException {
    byte[] export = new byte[1_000_000];
    new Random(1).nextBytes(export);
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try (FakeServer server =
            FakeServer.builder()
                .collecting(
                    AdminServiceGrpc.getImportMethod(),
                    (List<ImportRequest> requests) -> {
                      requests.forEach(r -> received.writeBytes(r.getChunk().toByteArray()));
                      return ImportResponse.newBuilder().setRevision(requests.size()).build();
                    })
                .start();
        TraceryClient client = connect(server)) {
      ImportResponse answer = client.importFrom(new ByteArrayInputStream(export));

      assertEquals(ImportResponse.newBuilder().setRevision(4).build(), answer);
      assertArrayEquals(export, received.toByteArray());
    }
  }

  @Test
  void tellsThatAnImportWasRefusedWhileItIsStillBeingSent() {
    try (FakeServer server =
            FakeServer.builder()
                .refusing(
                    AdminServiceGrpc.getImportMethod(),
                    Status.FAILED_PRECONDITION
                        .withDescription("the registry is not empty")
                        .asRuntimeException())
                .start();
        TraceryClient client = connect(server)) {
      TraceryException failure =
          assertThrows(
              TraceryException.class,
              () -> client.importFrom(new ByteArrayInputStream(new byte[50 << 20])));

      assertEquals(Code.FAILED_PRECONDITION, failure.code());
      assertEquals("the registry is not empty", failure.getMessage());
    }
  }

  private static ExportResponse chunk(String text) {
    return ExportResponse.newBuilder().setChunk(ByteString.copyFromUtf8(text)).build();
  }

  private static TraceryClient connect(FakeServer server) {
    return TraceryClient.connect(server.address(), ClientOptions.defaults());
  }
}
