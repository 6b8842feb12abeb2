package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tracery.registry.Registry.Freshness;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.GetKernelRequest;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.WatchRequest;
import dev.tracery.v1.WatchResponse;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What answers say of the state that they were given from.
final class CallMarksTest {

  private final TestServer server = new TestServer();
  private final FakeRegistry registry = server.registry;
  private final Marked marked = new Marked(server.channel);

  @AfterEach
  void stop() {
    server.close();
  }

  private void getKernel(String name) {
    RegistryServiceGrpc.newBlockingStub(marked.channel())
        .getKernel(GetKernelRequest.newBuilder().setKernel(name).build());
  }

  @Test
  void an_answer_says_which_revision_it_knows_of_and_how_old_that_is() {
    registry.kernels.add(Samples.kernel("k"));
    getKernel("k");
    assertEquals("0 0 -", marked.headers());

    registry.append(List.of());
    registry.append(List.of());
    registry.freshness = new Freshness(true, Duration.ofMillis(1234), "");
    getKernel("k");
    assertEquals("2 1234 -", marked.headers());
    assertEquals("- - -", marked.trailers());
  }

  @Test
  void a_refusal_says_it_too() {
    registry.append(List.of());
    TestServer.refusal(() -> getKernel("none"));
    assertEquals("none", marked.headers());
    assertEquals("1 0 -", marked.trailers());
  }

  @Test
  void a_call_that_cannot_be_read_is_told_it_too() {
    registry.append(List.of());
    TestServer.refusal(() -> getKernel(""));
    assertEquals("1 0 -", marked.trailers());
  }

  @Test
  void a_read_knows_only_of_what_was_there_when_it_began() {
    registry.kernels.add(Samples.kernel("k"));
    registry.meanwhile.set(() -> registry.append(List.of()));
    getKernel("k");
    assertEquals("0 0 -", marked.headers());
    assertEquals(1, registry.head());
  }

  @Test
  void a_write_knows_of_what_it_wrote() {
    Recorder<RegisterKernelRequest, RegisterKernelResponse> answer = Recorder.eager();
    StreamObserver<RegisterKernelRequest> stream =
        RegistryServiceGrpc.newStub(marked.channel()).registerKernel(answer);
    stream.onNext(
        RegisterKernelRequest.newBuilder()
            .setHeader(RegisterKernelHeader.newBuilder().setIdentity(Samples.BIG_32_MESSAGE))
            .build());
    stream.onCompleted();
    assertNull(answer.end());
    assertEquals("1 0 -", marked.headers());
  }

  @Test
  void a_stream_says_it_with_its_first_message() {
    registry.append(List.of());
    Recorder<WatchRequest, WatchResponse> watcher = Recorder.eager();
    RegistryServiceGrpc.newStub(marked.channel()).watch(WatchRequest.getDefaultInstance(), watcher);
    TestServer.eventually(() -> !watcher.received().isEmpty());
    assertEquals("1 0 -", marked.headers());
    watcher.cancel();
  }

  @Test
  void a_store_that_is_away_is_told() {
    registry.freshness = new Freshness(false, Duration.ofSeconds(7), "no route");
    AdminServiceGrpc.newBlockingStub(marked.channel())
        .getStatus(GetStatusRequest.getDefaultInstance());
    assertEquals("0 7000 unreachable", marked.headers());
  }

  @Test
  void health_and_reflection_say_nothing_of_the_registry() {
    HealthGrpc.newBlockingStub(marked.channel()).check(HealthCheckRequest.getDefaultInstance());
    assertEquals("- - -", marked.headers());

    Recorder<ServerReflectionRequest, ServerReflectionResponse> answer = Recorder.eager();
    StreamObserver<ServerReflectionRequest> stream =
        ServerReflectionGrpc.newStub(marked.channel()).serverReflectionInfo(answer);
    stream.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    stream.onCompleted();
    assertNull(answer.end());
    assertEquals("- - -", marked.headers());
  }

  @Test
  void a_server_without_a_registry_says_nothing_of_it() {
    server.current.clear(registry);
    TestServer.refusal(() -> getKernel("k"));
    assertEquals("- - -", marked.trailers());
  }
}
