package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.RegistryServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RpcServerTest {

  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void it_checks_itself_over_the_network() {
    assertEquals("memory", server.server.checkItself().getStore());
  }

  @Test
  void the_check_fails_when_calls_do() {
    server.registry.failure = new IllegalStateException();
    assertEquals(
        Status.Code.INTERNAL,
        assertThrows(StatusRuntimeException.class, server.server::checkItself)
            .getStatus()
            .getCode());
  }

  @Test
  void an_address_in_use_is_an_io_error() {
    assertThrows(
        IOException.class,
        () ->
            RpcServer.start(
                new ListenAddress("localhost", server.server.port()),
                TestServer.OPTIONS,
                TranslationOptions.DEFAULTS,
                TestServer.OPEN,
                server.current,
                server.translation,
                "1"));
  }

  @Test
  void the_server_serves_while_there_is_a_registry() {
    List<String> services =
        List.of("", RegistryServiceGrpc.SERVICE_NAME, AdminServiceGrpc.SERVICE_NAME);
    services.forEach(name -> assertEquals(ServingStatus.SERVING, health(name)));
    server.current.clear(server.registry);
    services.forEach(name -> assertEquals(ServingStatus.NOT_SERVING, health(name)));
    server.current.set(server.registry);
    services.forEach(name -> assertEquals(ServingStatus.SERVING, health(name)));
  }

  @Test
  void a_registry_that_was_replaced_before_it_went_leaves_the_new_one() {
    FakeRegistry next = new FakeRegistry();
    server.current.set(next);
    server.current.clear(server.registry);
    assertEquals(ServingStatus.SERVING, health(""));
    server.admin().getStatus(GetStatusRequest.getDefaultInstance());
    assertEquals(List.of("status"), next.asked);
  }

  @Test
  void the_health_of_an_unknown_service_is_not_found() {
    assertEquals(
        Status.Code.NOT_FOUND,
        assertThrows(StatusRuntimeException.class, () -> health("no.Such")).getStatus().getCode());
  }

  @Test
  void health_can_be_watched() {
    Recorder<HealthCheckRequest, HealthCheckResponse> watcher = Recorder.eager();
    HealthGrpc.newStub(server.channel).watch(HealthCheckRequest.getDefaultInstance(), watcher);
    TestServer.eventually(() -> watcher.received().size() == 1);
    server.current.clear(server.registry);
    TestServer.eventually(() -> watcher.received().size() == 2);
    assertEquals(
        List.of(ServingStatus.SERVING, ServingStatus.NOT_SERVING),
        watcher.received().stream().map(HealthCheckResponse::getStatus).toList());
  }

  @Test
  void every_answer_names_the_servers_version() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Channel channel =
        ClientInterceptors.intercept(
            server.channel, MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
    AdminServiceGrpc.newBlockingStub(channel).getStatus(GetStatusRequest.getDefaultInstance());
    assertEquals("1.2.3", headers.get().get(CallGuard.VERSION));

    server.registry.failure = new IllegalStateException();
    assertThrows(
        StatusRuntimeException.class,
        () ->
            AdminServiceGrpc.newBlockingStub(channel)
                .getStatus(GetStatusRequest.getDefaultInstance()));
    assertEquals("1.2.3", trailers.get().get(CallGuard.VERSION));
  }

  @Test
  void a_method_that_is_not_there_is_unimplemented() {
    assertEquals(
        Status.Code.UNIMPLEMENTED,
        assertThrows(
                StatusRuntimeException.class,
                () ->
                    io.grpc.stub.ClientCalls.blockingUnaryCall(
                        server.channel,
                        AdminServiceGrpc.getGetStatusMethod().toBuilder()
                            .setFullMethodName("tracery.v1.AdminService/NoSuch")
                            .build(),
                        CallOptions.DEFAULT,
                        GetStatusRequest.getDefaultInstance()))
            .getStatus()
            .getCode());
  }

  private ServingStatus health(String service) {
    return HealthGrpc.newBlockingStub(server.channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }
}
