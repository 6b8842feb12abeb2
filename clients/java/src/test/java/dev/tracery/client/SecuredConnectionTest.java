package dev.tracery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.api.TestAuthority;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.GetStatusResponse;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS and tokens, against a server of the test.
final class SecuredConnectionTest {

  private final Path folder;
  private final Path ca;
  private final TestAuthority authority = new TestAuthority("test");
  private final List<String> sent = Collections.synchronizedList(new ArrayList<>());

  SecuredConnectionTest(@TempDir Path folder) {
    this.folder = folder;
    ca = folder.resolve("ca.pem");
    authority.write(ca);
  }

  private FakeServer.Builder server() {
    return FakeServer.builder()
        .unary(
            AdminServiceGrpc.getGetStatusMethod(),
            request -> GetStatusResponse.getDefaultInstance())
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

  private FakeServer secured(TestAuthority.Issued issued) throws IOException {
    Path certificate = folder.resolve("server.pem");
    Path key = folder.resolve("server.key");
    issued.write(certificate, key);
    ServerCredentials credentials = TlsServerCredentials.create(certificate.toFile(), key.toFile());
    return server().secured(credentials).start();
  }

  private ClientOptions trusting(Path file) {
    return ClientOptions.defaults().withTls(TlsOptions.defaults().withAuthorities(file));
  }

  private static String refusal(FakeServer server, ClientOptions options) {
    try (TraceryClient client = TraceryClient.connect(server.address(), options)) {
      TraceryException refused = assertThrows(TraceryException.class, client::status);
      return refused.code() + " " + refused.reason().orElse("-") + ": " + refused.getMessage();
    }
  }

  private static String misuse(String address, ClientOptions options) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> TraceryClient.connect(address, options))
            .getMessage());
  }

  @Test
  void speaksTlsToAServerOfAnAuthorityThatItTrusts() throws IOException {
    try (FakeServer server = secured(authority.issue("localhost"));
        TraceryClient client =
            TraceryClient.connect(server.address(), trusting(ca).withToken("abc"))) {
      client.status();

      assertEquals(List.of("Bearer abc"), sent);
    }
  }

  @Test
  void trustsAServersOwnCertificate() throws IOException {
    try (FakeServer server = secured(authority.issue("localhost"));
        TraceryClient client =
            TraceryClient.connect(server.address(), trusting(folder.resolve("server.pem")))) {
      client.status();

      assertEquals(1, sent.size());
    }
  }

  @Test
  void saysWhyThereIsNoConnection() throws IOException {
    Path other = folder.resolve("other.pem");
    new TestAuthority("other").write(other);
    try (FakeServer plain = server().start()) {
      assertEquals(
          "UNAVAILABLE TLS_NOT_SPOKEN: the server speaks plain text, and this client TLS",
          refusal(plain, trusting(ca)));
    }
    try (FakeServer server = secured(authority.issue("localhost"))) {
      String untrusted =
          "UNAVAILABLE CERTIFICATE_UNTRUSTED: the server's certificate is from no authority that"
              + " this client trusts";
      assertEquals(untrusted, refusal(server, trusting(other)));
      assertEquals(untrusted, refusal(server, ClientOptions.defaults().withTls()));
    }
    try (FakeServer server = secured(authority.issue("elsewhere"))) {
      assertEquals(
          "UNAVAILABLE CERTIFICATE_OF_OTHER_HOST: the server's certificate is for another host (No"
              + " subject alternative DNS name matching localhost found.)",
          refusal(server, trusting(ca)));
    }
    Instant now = Instant.now();
    try (FakeServer server =
        secured(authority.issue(now.minusSeconds(9), now.minusSeconds(3), "localhost"))) {
      assertEquals(
          "UNAVAILABLE CERTIFICATE_EXPIRED: the server's certificate has expired",
          refusal(server, trusting(ca)).replaceFirst(" \\(NotAfter: .*\\)", ""));
    }
    assertEquals(List.of(), sent);
  }

  @Test
  void neverSendsATokenOverANetworkInPlainText() {
    ClientOptions token = ClientOptions.defaults().withToken("abc");

    assertEquals(
        "the token would be sent to registry.example:7411 in plain text: use TLS",
        misuse("localhost,registry.example", token));
    TraceryClient.connect("registry.example", token.withTls()).close();
  }

  @Test
  void sendsTheTokenThatIsInTheFileNow() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "# mine\n\nada 0123\nbob 4567\n");
    try (FakeServer server = server().start();
        TraceryClient client =
            TraceryClient.connect(server.address(), ClientOptions.defaults().withTokenFile(file))) {
      client.status();
      Files.writeString(file, "89ab\n");
      Files.setLastModifiedTime(file, FileTime.fromMillis(1));
      client.status();
      Files.delete(file);
      client.status();

      assertEquals(List.of("Bearer 0123", "Bearer 89ab", "Bearer 89ab"), sent);
    }
  }

  @Test
  void saysWhichFileCannotBeUsed() throws IOException {
    Path missing = folder.resolve("missing");
    Path empty = Files.writeString(folder.resolve("empty"), "# nothing\n");
    Path bad = Files.writeString(folder.resolve("bad"), "not a token\n");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0, 1});
    ClientOptions options = ClientOptions.defaults();

    assertEquals(
        "there is no file " + missing + " for the token",
        misuse("localhost", options.withTokenFile(missing)));
    assertEquals(
        "there is no token in " + empty, misuse("localhost", options.withTokenFile(empty)));
    assertEquals(
        "the first line of "
            + bad
            + " is no token: expected letters, digits and - . _ ~ + /, perhaps after a name",
        misuse("localhost", options.withTokenFile(bad)));
    assertEquals(
        "the first line of "
            + binary
            + " is no token: expected letters, digits and - . _ ~ + /, perhaps after a name",
        misuse("localhost", options.withTokenFile(binary)));
    assertEquals(
        "there is no file " + missing + " for the TLS authorities",
        misuse("localhost", trusting(missing)));
    assertEquals(
        "the TLS authorities " + bad + " has no certificate in PEM (-----BEGIN CERTIFICATE-----)",
        misuse("localhost", trusting(bad)));
    assertEquals(
        "the TLS key "
            + bad
            + " has no private key in PEM, PKCS #8, without a password (-----BEGIN PRIVATE"
            + " KEY-----)",
        misuse("localhost", options.withTls(TlsOptions.defaults().withIdentity(ca, bad))));
    assertThrows(IllegalArgumentException.class, () -> options.withToken("two words"));
  }

  @Test
  void showsNoToken() {
    assertFalse(ClientOptions.defaults().withToken("secret").toString().contains("secret"));
  }
}
