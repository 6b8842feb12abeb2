package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.rpc.Code;
import dev.tracery.api.TestAuthority;
import dev.tracery.client.ClientOptions;
import dev.tracery.client.TlsOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server process that is told whom to trust, and clients that it trusts or does not.
final class TlsTest {

  private static final String OTHER_TOKEN = "another-token-0123456789";

  private final Path folder;

  TlsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aServerWithSamplesAnswersOverTlsToWhoHasTheToken() {
    try (TraceryClient client = SharedTlsRegistry.client()) {
      assertEquals(SampleKernel.ids().size(), client.status().getKernelCount());
    }
  }

  @Test
  void whoHasNoTokenOrAnotherOneIsToldSo() {
    ClientOptions tls =
        ClientOptions.defaults()
            .withTls(TlsOptions.defaults().withAuthorities(SharedTlsRegistry.ca()));

    assertEquals("UNAUTHENTICATED TOKEN_MISSING", refusal(SharedTlsRegistry.address(), tls));
    assertEquals(
        "UNAUTHENTICATED TOKEN_UNKNOWN",
        refusal(SharedTlsRegistry.address(), tls.withToken(OTHER_TOKEN)));
  }

  @Test
  void aTokenThatIsAddedCountsAndOneThatIsRemovedDoesNotWhileTheServerRuns() throws IOException {
    ServerFiles files = ServerFiles.make(folder.resolve("files"));
    try (ServerProcess server =
            ServerProcess.start(folder.resolve("data"), "localhost:0", files.options());
        TraceryClient first = connect(server, files, ServerFiles.TOKEN);
        TraceryClient second = connect(server, files, OTHER_TOKEN)) {
      assertEquals(true, answers(first));
      assertEquals(false, answers(second));

      files.writeTokens("other " + OTHER_TOKEN);

      eventually(() -> answers(second));
      assertEquals(false, answers(first));

      files.writeTokens("# nobody");

      eventually(() -> !answers(second));
    }
  }

  @Test
  void aNewCertificateIsTakenWhileTheServerRunsAndABadOneIsNot() throws IOException {
    ServerFiles files = ServerFiles.make(folder.resolve("files"));
    TestAuthority next = new TestAuthority("next");
    Path nextCa = folder.resolve("next.pem");
    next.write(nextCa);
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "localhost:0", files.options())) {
      try (TraceryClient before = connect(server, files, ServerFiles.TOKEN)) {
        assertEquals(true, answers(before));
        Files.writeString(files.key(), "no key");
        next.issue("localhost").write(files.certificate(), files.key());
        ClientOptions options =
            ClientOptions.defaults()
                .withTls(TlsOptions.defaults().withAuthorities(nextCa))
                .withTokenFile(files.tokens());
        eventually(() -> {
          try (TraceryClient after = TraceryClient.connect(server.address(), options)) {
            return answers(after);
          }
        });
        assertEquals(true, answers(before), "a connection that is open goes on");
      }
      try (TraceryClient late = connect(server, files, ServerFiles.TOKEN)) {
        assertEquals(false, answers(late), "the old authority is none any more");
      }
    }
  }

  @Test
  void onlyWhoHasACertificateOfTheAuthorityIsAnswered() throws IOException {
    ServerFiles files = ServerFiles.make(folder.resolve("files"));
    TestAuthority clients = new TestAuthority("clients");
    Path clientCa = folder.resolve("clients.pem");
    clients.write(clientCa);
    try (ServerProcess server =
        ServerProcess.start(
            folder.resolve("data"),
            "localhost:0",
            "--tls-cert=" + files.certificate(),
            "--tls-key=" + files.key(),
            "--tls-client-ca=" + clientCa)) {
      TlsOptions tls = TlsOptions.defaults().withAuthorities(files.ca());
      assertEquals(
          "UNAUTHENTICATED CERTIFICATE_MISSING",
          refusal(server.address(), ClientOptions.defaults().withTls(tls)));

      Path certificate = folder.resolve("client.pem");
      Path key = folder.resolve("client.key");
      ClientOptions known = ClientOptions.defaults().withTls(tls.withIdentity(certificate, key));
      clients.issue("ada").write(certificate, key);
      try (TraceryClient client = TraceryClient.connect(server.address(), known)) {
        assertEquals(0, client.status().getKernelCount());
      }
      files.authority().issue("eve").write(certificate, key);
      assertEquals("UNAUTHENTICATED CERTIFICATE_MISSING", refusal(server.address(), known));
    }
  }

  private static TraceryClient connect(ServerProcess server, ServerFiles files, String token) {
    return TraceryClient.connect(
        server.address(),
        ClientOptions.defaults()
            .withTls(TlsOptions.defaults().withAuthorities(files.ca()))
            .withToken(token));
  }

  private static boolean answers(TraceryClient client) {
    try {
      client.status();
      return true;
    } catch (TraceryException e) {
      return false;
    }
  }

  private static String refusal(String address, ClientOptions options) {
    try (TraceryClient client = TraceryClient.connect(address, options)) {
      TraceryException refused = assertThrows(TraceryException.class, client::status);
      Optional<String> reason = refused.reason();
      Code code = refused.code();
      return code + " " + reason.orElse("");
    }
  }

  private static void eventually(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertEquals(true, System.nanoTime() < until, "did not happen within a minute");
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
