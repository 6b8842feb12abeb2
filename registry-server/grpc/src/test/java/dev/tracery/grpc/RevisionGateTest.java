package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.registry.RegistryException;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.GetKernelRequest;
import dev.tracery.v1.GetKernelResponse;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.WatchRequest;
import dev.tracery.v1.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A call that wants a revision at least.
final class RevisionGateTest {

  private static final ServerOptions IMPATIENT =
      new ServerOptions(
          1 << 20,
          64,
          3,
          Duration.ZERO,
          Duration.ofSeconds(20),
          Duration.ofMillis(20),
          Duration.ofMillis(200));

  private final TestServer server = new TestServer();
  private final FakeRegistry registry = server.registry;
  private final Marked first = new Marked(server.channel, "1");

  @AfterEach
  void stop() {
    server.close();
  }

  private static GetKernelRequest kernel() {
    return GetKernelRequest.newBuilder().setKernel("k").build();
  }

  private Recorder<GetKernelRequest, GetKernelResponse> ask() {
    Recorder<GetKernelRequest, GetKernelResponse> answer = Recorder.eager();
    RegistryServiceGrpc.newStub(first.channel()).getKernel(kernel(), answer);
    return answer;
  }

  private void awaitWaiting() {
    TestServer.eventually(() -> registry.waits.size() == 1);
  }

  @Test
  void is_answered_at_once_where_the_revision_is_here() {
    registry.kernels.add(Samples.kernel("k"));
    registry.append(List.of());
    assertNull(ask().end());
    assertEquals(List.of("kernel k 0"), registry.asked);
  }

  @Test
  void is_answered_when_the_revision_has_come() {
    Recorder<GetKernelRequest, GetKernelResponse> answer = ask();
    awaitWaiting();
    assertEquals(List.of("await 1"), registry.asked);

    registry.kernels.add(Samples.kernel("k"));
    registry.append(List.of());

    assertNull(answer.end());
    assertEquals(List.of(Samples.kernelMessage("k")), kernels(answer));
    assertEquals(List.of("await 1", "kernel k 0"), registry.asked);
    assertEquals("1 0 -", first.headers());
  }

  private static List<?> kernels(Recorder<GetKernelRequest, GetKernelResponse> answer) {
    return answer.received().stream().map(GetKernelResponse::getKernel).toList();
  }

  @Test
  void loses_none_of_what_its_caller_sends_meanwhile() {
    Recorder<RegisterKernelRequest, RegisterKernelResponse> answer = Recorder.eager();
    StreamObserver<RegisterKernelRequest> stream =
        RegistryServiceGrpc.newStub(first.channel()).registerKernel(answer);
    stream.onNext(
        RegisterKernelRequest.newBuilder()
            .setHeader(RegisterKernelHeader.newBuilder().setIdentity(Samples.BIG_32_MESSAGE))
            .build());
    for (int i = 0; i < 20; i++) {
      stream.onNext(
          RegisterKernelRequest.newBuilder()
              .setEvents(
                  dev.tracery.v1.EventFormats.newBuilder()
                      .addEvents(
                          dev.tracery.v1.EventFormat.newBuilder()
                              .setEvent("sched/e" + i)
                              .setId(i + 1)
                              .setLayoutHash(Samples.HASH_BYTES)))
              .build());
    }
    stream.onCompleted();
    awaitWaiting();

    registry.append(List.of());

    assertNull(answer.end());
    assertEquals(1, answer.received().size());
    for (int i = 0; i < 20; i++) {
      String event = "sched/e" + i + " ";
      assertTrue(
          registry.registered.stream().anyMatch(line -> line.contains(event)),
          () -> event + registry.registered);
    }
  }

  @Test
  void streams_begin_when_the_revision_has_come() {
    Recorder<WatchRequest, WatchResponse> watcher = Recorder.eager();
    RegistryServiceGrpc.newStub(first.channel()).watch(WatchRequest.getDefaultInstance(), watcher);
    awaitWaiting();
    assertEquals(List.of(), watcher.received());

    registry.append(List.of());

    TestServer.eventually(() -> watcher.received().size() == 1);
    registry.append(List.of());
    TestServer.eventually(() -> watcher.received().size() == 2);
    watcher.cancel();
    TestServer.eventually(registry.listeners::isEmpty);
  }

  @Test
  void is_told_that_the_revision_is_not_here_so_that_another_server_is_asked() {
    try (TestServer impatient = new TestServer(IMPATIENT)) {
      impatient.registry.append(List.of());
      Marked seventh = new Marked(impatient.channel, "7");
      assertEquals(
          """
          UNAVAILABLE: revision 7 is not on this server; it has read up to revision 1
          ErrorInfo { reason: "REVISION_NOT_HERE" domain: "tracery.dev" }
          RetryInfo { retry_delay { seconds: 1 } }
          """,
          TestServer.refusal(
              () -> RegistryServiceGrpc.newBlockingStub(seventh.channel()).getKernel(kernel())));
      assertEquals(List.of("await 7"), impatient.registry.asked);
      assertEquals("1 0 -", seventh.trailers());
    }
  }

  @Test
  void is_told_the_same_by_a_server_that_has_lost_its_store() {
    registry.failure =
        new RegistryException(RegistryException.Code.UNAVAILABLE, "store", "no route to db");
    assertEquals(
        """
        UNAVAILABLE: revision 1 is not on this server, which has lost its store (no route to db); \
        it has read up to revision 0
        ErrorInfo { reason: "REVISION_NOT_HERE" domain: "tracery.dev" }
        RetryInfo { retry_delay { seconds: 1 } }
        """,
        ask().refusal());
  }

  @Test
  void waits_no_longer_than_its_deadline() {
    Recorder<GetKernelRequest, GetKernelResponse> answer = Recorder.eager();
    RegistryServiceGrpc.newStub(first.channel())
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .getKernel(kernel(), answer);
    awaitWaiting();
    Duration wait = registry.waits.getFirst();
    assertTrue(wait.compareTo(Duration.ofSeconds(10)) <= 0, wait::toString);
    answer.cancel();
  }

  @Test
  void waits_no_longer_than_its_caller() {
    Recorder<GetKernelRequest, GetKernelResponse> answer = ask();
    awaitWaiting();
    answer.cancel();
    TestServer.eventually(registry.waits::isEmpty);
    registry.append(List.of());
    assertEquals(List.of("await 1"), registry.asked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "+1", "1.0", "0x1", "", "9223372036854775808"})
  void is_refused_where_it_names_none(String wanted) {
    Marked odd = new Marked(server.channel, wanted);
    String refusal =
        TestServer.refusal(
            () -> RegistryServiceGrpc.newBlockingStub(odd.channel()).getKernel(kernel()));
    assertEquals(
        """
        INVALID_ARGUMENT: tracery-at-least-revision: expected a revision, as in 17, but found "%1$s"
        ErrorInfo { reason: "REQUEST_INVALID" domain: "tracery.dev" }
        BadRequest { field_violations { field: "tracery-at-least-revision" \
        description: "expected a revision, as in 17, but found \\"%1$s\\"" } }
        """
            .formatted(wanted),
        refusal);
    assertEquals(List.of(), registry.asked);
  }

  @Test
  void is_refused_after_its_wait_as_without_one() {
    Recorder<byte[], byte[]> answer = Recorder.eager();
    ClientCalls.asyncUnaryCall(
        first
            .channel()
            .newCall(
                RegistryServiceGrpc.getGetSchemaMethod().toBuilder(
                        BytesMarshaller.INSTANCE, BytesMarshaller.INSTANCE)
                    .build(),
                CallOptions.DEFAULT),
        new byte[] {(byte) 0xff},
        answer);
    awaitWaiting();
    registry.append(List.of());
    assertTrue(answer.refusal().contains("reason: \"REQUEST_MALFORMED\""), () -> answer.refusal());
  }

  @Test
  void is_refused_after_its_wait_where_it_sends_nothing() {
    Recorder<GetKernelRequest, GetKernelResponse> answer = Recorder.eager();
    var call =
        first.channel().newCall(RegistryServiceGrpc.getGetKernelMethod(), CallOptions.DEFAULT);
    call.start(
        new io.grpc.ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            answer.onError(status.asRuntimeException(trailers));
          }
        },
        new Metadata());
    call.halfClose();
    awaitWaiting();
    registry.append(List.of());
    assertTrue(answer.refusal().contains("reason: \"REQUEST_MALFORMED\""), () -> answer.refusal());
  }

  @Test
  void revision_0_is_everywhere() {
    AdminServiceGrpc.newBlockingStub(new Marked(server.channel, "0").channel())
        .getStatus(GetStatusRequest.getDefaultInstance());
    assertEquals(List.of("status"), registry.asked);
  }
}
