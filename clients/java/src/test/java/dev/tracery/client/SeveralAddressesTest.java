package dev.tracery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.rpc.Code;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.WatchResponse;
import io.grpc.Status;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Rule 5 of `clients/conformance/README.md`, for every call.
final class SeveralAddressesTest {

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  private FakeServer server(String name, Supplier<Status> status) {
    return FakeServer.builder()
        .unary(
            AdminServiceGrpc.getGetStatusMethod(),
            request -> {
              asked.add(name);
              Status answer = status.get();
              if (!answer.isOk()) {
                throw answer.asRuntimeException();
              }
              return GetStatusResponse.newBuilder().setVersion(name).build();
            })
        .start();
  }

  private static TraceryClient connect(String... addresses) {
    return TraceryClient.connect(String.join(",", addresses), ClientOptions.defaults());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void asksTheNextOneWhenOneIsUnavailableAndKeepsToTheOneThatAnswered() {
    try (FakeServer a = server("a", () -> Status.UNAVAILABLE);
        FakeServer b = server("b", () -> Status.OK);
        TraceryClient client = connect(a.address(), b.address())) {
      assertEquals("b", client.status().getVersion());
      assertEquals("b", client.status().getVersion());
      assertEquals(List.of("a", "b", "b"), asked);
    }
  }

  @Test
  void goesRoundFromTheOneThatAnsweredLast() {
    List<Status> ofB = new ArrayList<>(List.of(Status.OK, Status.UNAVAILABLE));
    List<Status> ofA = new ArrayList<>(List.of(Status.UNAVAILABLE, Status.OK));
    try (FakeServer a = server("a", ofA::removeFirst);
        FakeServer b = server("b", ofB::removeFirst);
        TraceryClient client = connect(a.address(), b.address())) {
      assertEquals("b", client.status().getVersion());
      assertEquals("a", client.status().getVersion());
      assertEquals(List.of("a", "b", "b", "a"), asked);
    }
  }

  @Test
  void doesNotAskAnotherWhatOneRefused() {
    try (FakeServer a = server("a", () -> Status.NOT_FOUND);
        FakeServer b = server("b", () -> Status.OK);
        TraceryClient client = connect(a.address(), b.address())) {
      assertEquals(Code.NOT_FOUND, assertThrows(TraceryException.class, client::status).code());
      assertEquals(List.of("a"), asked);
    }
  }

  @Test
  void saysOfEachWhyItDoesNotAnswer() throws IOException {
    String dead = "localhost:" + freePort();
    try (FakeServer b =
            server("b", () -> Status.UNAVAILABLE.withDescription("the registry is starting"));
        TraceryClient client = connect(dead, b.address())) {
      TraceryException failure = assertThrows(TraceryException.class, client::status);

      assertEquals(Code.UNAVAILABLE, failure.code());
      assertEquals(
          dead + ": Connection refused; " + b.address() + ": the registry is starting",
          String.valueOf(failure.getMessage()).replaceFirst("refused: [^;]*", "refused"));
      assertEquals(List.of("b", "b", "b", "b"), asked);
    }
  }

  @Test
  void asksASingleOneFourTimes() {
    try (FakeServer a = server("a", () -> Status.UNAVAILABLE);
        TraceryClient client = connect(a.address())) {
      assertThrows(TraceryException.class, client::status);
      assertEquals(List.of("a", "a", "a", "a"), asked);
    }
  }

  @Test
  void findsAServerThatHasJustComeBack() throws IOException {
    int port = freePort();
    try (TraceryClient client = connect("localhost:" + port)) {
      assertThrows(TraceryException.class, client::status);
      try (FakeServer late =
          FakeServer.builder()
              .unary(
                  AdminServiceGrpc.getGetStatusMethod(),
                  request -> GetStatusResponse.getDefaultInstance())
              .start(port)) {
        assertEquals("", client.status().getVersion(), late.address());
      }
    }
  }

  @Test
  void watchesTheNextOneWhereTheFirstWasCut() {
    FakeServer.Builder first =
        FakeServer.builder()
            .unary(
                AdminServiceGrpc.getGetStatusMethod(),
                request -> GetStatusResponse.getDefaultInstance())
            .streaming(
                RegistryServiceGrpc.getWatchMethod(),
                (request, answers) -> {
                  answers.onNext(WatchResponse.newBuilder().setRevision(4).build());
                  answers.onError(Status.UNAVAILABLE.asRuntimeException());
                });
    FakeServer.Builder second =
        FakeServer.builder()
            .streaming(
                RegistryServiceGrpc.getWatchMethod(),
                (request, answers) ->
                    answers.onNext(
                        WatchResponse.newBuilder()
                            .setRevision(request.getAfterRevision() + 1)
                            .build()));
    List<TraceryException> lost = new ArrayList<>();
    try (FakeServer a = first.start();
        FakeServer b = second.start();
        TraceryClient client = connect(a.address(), b.address());
        ChangeWatcher watcher = client.watch(3, lost::add)) {
      assertEquals(4, watcher.next().getRevision());
      assertEquals(5, watcher.next().getRevision());
      assertEquals(1, lost.size());
    }
  }
}
