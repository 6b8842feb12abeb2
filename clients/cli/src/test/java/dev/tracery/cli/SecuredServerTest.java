package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.api.TestAuthority;
import dev.tracery.client.FakeServer;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.GetStatusResponse;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecuredServerTest {

  private final Path folder;
  private final Path ca;
  private final Path token;
  private final List<String> sent = Collections.synchronizedList(new ArrayList<>());

  SecuredServerTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    ca = folder.resolve("ca.pem");
    token = Files.writeString(folder.resolve("token"), "me 0123456789abcdef\n");
  }

  private FakeServer.Builder server() {
    return FakeServer.builder()
        .unary(
            AdminServiceGrpc.getGetStatusMethod(),
            request -> GetStatusResponse.newBuilder().setVersion("1").build())
        .intercepted(
            new ServerInterceptor() {
              @Override
              public <Q, A> ServerCall.Listener<Q> interceptCall(
                  ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                sent.add(
                    headers.get(
                        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)));
                return next.startCall(call, headers);
              }
            });
  }

  private FakeServer secured() throws IOException {
    TestAuthority authority = new TestAuthority("test");
    Path certificate = folder.resolve("server.pem");
    Path key = folder.resolve("server.key");
    authority.write(ca);
    authority.issue("localhost").write(certificate, key);
    return server()
        .secured(TlsServerCredentials.create(certificate.toFile(), key.toFile()))
        .start();
  }

  @Test
  void optionsAndVariablesSayTheSame() throws IOException {
    try (FakeServer server = secured()) {
      Run options =
          Run.at(
              server.address(),
              "status",
              "--tls-ca",
              ca.toString(),
              "--token-file",
              token.toString());
      Run variables =
          Run.in(
              Map.of(
                  "TRACERY_SERVER", server.address(),
                  "TRACERY_TLS_CA", ca.toString(),
                  "TRACERY_TOKEN_FILE", token.toString()),
              "status");

      assertEquals(0, options.status(), options.err());
      assertEquals(options, variables);
      assertEquals(List.of("Bearer 0123456789abcdef", "Bearer 0123456789abcdef"), sent);
    }
  }

  @Test
  void theNextAddressIsAskedWhereOneDoesNotAnswer() {
    try (FakeServer server = server().start()) {
      Run run = Run.of("status", "--server", "localhost:1," + server.address());

      assertEquals(0, run.status(), run.err());
    }
  }

  @Test
  void whatTlsFailsAtSaysWhichOptionHelps() throws IOException {
    try (FakeServer plain = server().start();
        FakeServer secured = secured()) {
      assertEquals(
          new Run(
              3,
              "",
              "tracery: cannot reach the registry at "
                  + plain.address()
                  + " (the server speaks plain text, and this client TLS); leave out --tls and its"
                  + " like, and look at TRACERY_TLS and its like\n"),
          Run.at(plain.address(), "status", "--tls"));
      assertEquals(
          new Run(
              3,
              "",
              "tracery: cannot reach the registry at "
                  + secured.address()
                  + " (the server's certificate is from no authority that this client trusts);"
                  + " --tls-ca names the authority, or the certificate itself\n"),
          Run.at(secured.address(), "status", "--tls"));
      Run run = Run.at(secured.address(), "status");
      assertEquals(3, run.status());
      assertTrue(run.err().contains("--tls-ca"), run.err());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --tls-ca=/none                   | there is no file /none for the TLS authorities
          --token-file=/none               | there is no file /none for the token
          --tls-cert=/none                 | --tls-cert: the certificate's private key is missing; --tls-key names it
          --tls-key=/none                  | --tls-key: the key's certificate is missing; --tls-cert names it
          --server=a,                      | --server: expected HOST:PORT, with a port from 1 to 65535, but found ""
          """)
  void whatCannotBeUsedIsWrongUse(String option, String message) {
    assertEquals(new Run(2, "", "tracery: " + message + "\n"), Run.in(Map.of(), "status", option));
  }

  @Test
  void aTokenDoesNotCrossANetworkInPlainText() {
    assertEquals(
        new Run(
            2,
            "",
            "tracery: the token would be sent to registry.example:7411 in plain text: use TLS\n"),
        Run.at("registry.example", "status", "--token-file", token.toString()));
  }

  @Test
  void translatingHereNeedsNoToken() {
    assertEquals(
        new Run(2, "", "tracery: --tls and --token-file are for a registry; add --server\n"),
        Run.of("translate", "trace.dat", "--tls"));
  }
}
