package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.Message;
import dev.tracery.metrics.Metric;
import dev.tracery.registry.Compatibility.CheckResult;
import dev.tracery.registry.Registry.Freshness;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.CheckKernelHeader;
import dev.tracery.v1.CheckKernelRequest;
import dev.tracery.v1.CheckKernelResponse;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.ConsumerServiceGrpc;
import dev.tracery.v1.GetKernelRequest;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.TranslatorServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A server whose store is away.
final class LostStoreTest {

  private final TestServer server = new TestServer();
  private final FakeRegistry registry = server.registry;

  @BeforeEach
  void lose() {
    registry.freshness = new Freshness(false, Duration.ofSeconds(7), "no route to db:5432");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<MethodDescriptor<?, ?>> writes() {
    return Stream.of(
        RegistryServiceGrpc.getRegisterKernelMethod(),
        ConsumerServiceGrpc.getDeclareConsumerMethod(),
        ConsumerServiceGrpc.getWithdrawConsumerMethod(),
        CompatibilityServiceGrpc.getGiveWaiverMethod(),
        CompatibilityServiceGrpc.getUpdatePolicyMethod(),
        TranslatorServiceGrpc.getInstallTranslatorMethod(),
        TranslatorServiceGrpc.getRemoveTranslatorMethod(),
        AdminServiceGrpc.getImportMethod());
  }

  @ParameterizedTest
  @MethodSource("writes")
  void a_write_is_refused_before_anything_of_it_is_read(MethodDescriptor<?, ?> method) {
    Marked marked = new Marked(server.channel);
    Recorder<byte[], byte[]> answer = Recorder.eager();
    // Nothing is sent: the refusal does not wait for it.
    ClientCalls.asyncBidiStreamingCall(
        marked
            .channel()
            .newCall(
                method.toBuilder(BytesMarshaller.INSTANCE, BytesMarshaller.INSTANCE)
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .build(),
                CallOptions.DEFAULT),
        answer);

    assertEquals(
        """
        UNAVAILABLE: nothing can be written now, because this server has lost its store (no route \
        to db:5432); it answers what it has in memory
        ErrorInfo { reason: "STORE_UNAVAILABLE" domain: "tracery.dev" }
        RetryInfo { retry_delay { seconds: 1 } }
        """,
        answer.refusal());
    assertEquals("0 7000 unreachable", marked.trailers());
    assertEquals(List.of(), registry.asked);
    List<Metric> metrics = server.server.metrics().metrics();
    String name = method.getFullMethodName();
    assertEquals(
        List.of(
            Metric.counter(
                "tracery_grpc_calls",
                "Calls that ended, by how they ended.",
                List.of(
                    new Metric.Sample(
                        Map.of(
                            "service", name.replaceAll("/.*", ""),
                            "method", name.replaceAll(".*/", ""),
                            "code", "UNAVAILABLE"),
                        1))),
            Metric.counter(
                "tracery_refused_writes",
                "Writes that were refused because the store is away.",
                1)),
        metrics);
  }

  @Test
  void what_reads_is_answered() {
    registry.kernels.add(Samples.kernel("k"));
    Message answered =
        server.calls().getKernel(GetKernelRequest.newBuilder().setKernel("k").build());
    assertEquals(Samples.kernelMessage("k"), answered.getAllFields().values().iterator().next());
    server.admin().getStatus(GetStatusRequest.getDefaultInstance());
  }

  @Test
  void a_check_only_reads_also_where_its_series_enforces() {
    registry.compatibility.result.set(new CheckResult(Judgements.breaking(1), List.of(), 3000));
    Recorder<CheckKernelRequest, CheckKernelResponse> answer = Recorder.eager();
    StreamObserver<CheckKernelRequest> stream =
        CompatibilityServiceGrpc.newStub(server.channel).checkKernel(answer);
    stream.onNext(
        CheckKernelRequest.newBuilder()
            .setHeader(
                CheckKernelHeader.newBuilder()
                    .setIdentity(Samples.BIG_32_MESSAGE)
                    .setSeries("debian-12"))
            .build());
    stream.onCompleted();
    assertNull(answer.end());
  }

  @Test
  void it_serves_but_takes_no_writes_and_does_again_when_the_store_is_back() {
    TestServer.eventually(() -> health("tracery.writes") == ServingStatus.NOT_SERVING);
    assertEquals(ServingStatus.SERVING, health(""));
    assertEquals(ServingStatus.SERVING, health(RegistryServiceGrpc.SERVICE_NAME));

    registry.freshness = new Freshness(true, Duration.ZERO, "");

    TestServer.eventually(() -> health("tracery.writes") == ServingStatus.SERVING);
    server.current.clear(registry);
    assertEquals(ServingStatus.NOT_SERVING, health("tracery.writes"));
  }

  private ServingStatus health(String service) {
    return HealthGrpc.newBlockingStub(server.channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }
}
