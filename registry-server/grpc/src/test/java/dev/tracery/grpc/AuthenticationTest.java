package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.grpc.security.Security;
import dev.tracery.grpc.security.SecurityOptions;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.GetStatusRequest;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that wants a token, in plain text on the loopback interface.
final class AuthenticationTest {

  private static final String MISSING =
      """
      UNAUTHENTICATED: this registry wants a token, and there is none; send it as "authorization: \
      Bearer TOKEN"; the command takes it from the file that --token-file names
      ErrorInfo { reason: "TOKEN_MISSING" domain: "tracery.dev" }
      """;

  private static final String UNKNOWN =
      """
      UNAUTHENTICATED: this registry does not know the token that was sent; ask who runs it for one
      ErrorInfo { reason: "TOKEN_UNKNOWN" domain: "tracery.dev" }
      """;

  private final TestServer server;

  AuthenticationTest(@TempDir Path folder) throws IOException {
    Path tokens = Files.writeString(folder.resolve("tokens"), "ada 0123456789abcdef\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    SecurityOptions options =
        new SecurityOptions(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(tokens));
    server = new TestServer(Security.open(options, InetAddress.getLoopbackAddress()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void ask(String authorization) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
    Channel channel =
        ClientInterceptors.intercept(
            server.channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    AdminServiceGrpc.newBlockingStub(channel).getStatus(GetStatusRequest.getDefaultInstance());
  }

  @Test
  void who_has_the_token_is_answered() {
    ask("Bearer 0123456789abcdef");
    ask("bearer  0123456789abcdef");
    assertEquals(List.of("status", "status"), server.registry.asked);
  }

  @Test
  void who_has_none_or_another_is_told_so() {
    assertEquals(
        MISSING,
        TestServer.refusal(() -> server.admin().getStatus(GetStatusRequest.getDefaultInstance())));
    assertEquals(MISSING, TestServer.refusal(() -> ask("Basic 0123456789abcdef")));
    assertEquals(UNKNOWN, TestServer.refusal(() -> ask("Bearer 0123456789abcdeF")));
    assertEquals(UNKNOWN, TestServer.refusal(() -> ask("Bearer ada")));
    assertEquals(List.of(), server.registry.asked);
  }

  @Test
  void the_server_may_ask_itself() {
    assertEquals("memory", server.server.checkItself().getStore());
  }

  @Test
  void health_is_told_to_everybody() {
    assertEquals(
        ServingStatus.SERVING,
        HealthGrpc.newBlockingStub(server.channel)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatus());
  }

  @Test
  void reflection_is_not() {
    Recorder<ServerReflectionRequest, ServerReflectionResponse> answers = Recorder.eager();
    ServerReflectionGrpc.newStub(server.channel)
        .serverReflectionInfo(answers)
        .onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());
    assertEquals(MISSING, answers.refusal());
  }
}
