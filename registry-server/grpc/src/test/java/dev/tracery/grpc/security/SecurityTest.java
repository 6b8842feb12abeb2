package dev.tracery.grpc.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.api.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the files may be, before a server listens.
final class SecurityTest {

  private final Path folder;
  private final Path certificate;
  private final Path key;
  private final Path tokens;
  private final TestAuthority authority = new TestAuthority("test");

  SecurityTest(@TempDir Path folder) {
    this.folder = folder;
    certificate = folder.resolve("cert");
    key = folder.resolve("key");
    tokens = folder.resolve("tokens");
  }

  @BeforeEach
  void writeWhatIsRight() throws IOException {
    authority.issue("localhost").write(certificate, key);
    Files.writeString(tokens, "0123456789abcdef\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
  }

  private List<String> open(String listen, String... settings) throws IOException {
    Map<String, String> properties = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      properties.put("tracery." + settings[i], settings[i + 1]);
    }
    try (Security security =
        Security.open(SecurityOptions.read(properties::get), InetAddress.getByName(listen))) {
      return security.warnings().stream().map(this::plain).toList();
    }
  }

  private List<String> openWithTls(String listen) throws IOException {
    return open(listen, "tls.cert", certificate.toString(), "tls.key", key.toString());
  }

  private String refusal(String listen, String... settings) {
    return plain(
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> open(listen, settings))
                .getMessage()));
  }

  private String refusalOfTls() {
    return refusal("127.0.0.1", "tls.cert", certificate.toString(), "tls.key", key.toString());
  }

  private String plain(String text) {
    return text.replace(folder + "/", "");
  }

  @Test
  void nothing_is_said_of_what_only_this_machine_reaches() throws IOException {
    assertEquals(List.of(), open("127.0.0.1"));
    assertEquals(List.of(), open("::1"));
    assertEquals(List.of(), open("127.0.0.1", "auth.token-file", tokens.toString()));
  }

  @Test
  void what_others_reach_is_told() throws IOException {
    assertEquals(
        List.of(
            "other machines reach this registry, in plain text, and may change it; --tls-cert,"
                + " --tls-key and --token-file protect it"),
        open("0.0.0.0"));
    assertEquals(
        List.of(
            "whoever reaches this registry may change it; --token-file or --tls-client-ca says who"
                + " may"),
        openWithTls("0.0.0.0"));
    assertEquals(
        List.of(),
        open(
            "0.0.0.0",
            "tls.cert",
            certificate.toString(),
            "tls.key",
            key.toString(),
            "auth.token-file",
            tokens.toString()));
  }

  @Test
  void tokens_do_not_cross_a_network_in_plain_text() {
    assertEquals(
        "tokens would cross the network in plain text: give a certificate with --tls-cert and"
            + " --tls-key, or listen on localhost",
        refusal("0.0.0.0", "auth.token-file", tokens.toString()));
  }

  @Test
  void a_half_of_tls_is_refused() {
    assertEquals(
        "a TLS certificate is given without its private key; give that with --tls-key",
        refusal("127.0.0.1", "tls.cert", certificate.toString()));
    assertEquals(
        "a TLS key is given without its certificate; give that with --tls-cert",
        refusal("127.0.0.1", "tls.key", key.toString()));
    assertEquals(
        "client certificates need TLS; give the server's with --tls-cert and --tls-key",
        refusal("127.0.0.1", "tls.client-ca", certificate.toString()));
  }

  @Test
  void a_file_that_is_not_there_or_is_no_pem_is_named() throws IOException {
    Files.delete(key);
    assertEquals("there is no file key for the TLS key", refusalOfTls());
    Files.writeString(key, "secret");
    assertEquals(
        "the TLS key key has no private key in PEM (-----BEGIN PRIVATE KEY-----)", refusalOfTls());
    Files.writeString(certificate, "certificate");
    assertEquals(
        "the TLS certificate cert has no certificate in PEM (-----BEGIN CERTIFICATE-----)",
        refusalOfTls());
    Files.writeString(certificate, TestAuthority.pem("CERTIFICATE", new byte[] {1, 2, 3}));
    assertEquals(
        "the TLS certificate cert has a certificate that cannot be read",
        refusalOfTls().replaceFirst(": .*", ""));
    Files.delete(certificate);
    Files.createDirectory(certificate);
    assertEquals("the TLS certificate cert cannot be read: Is a directory", refusalOfTls());
  }

  @Test
  void a_key_in_another_form_says_how_to_convert_it() throws IOException {
    Files.writeString(key, TestAuthority.pem("EC PRIVATE KEY", new byte[] {1}));
    assertEquals(
        "the TLS key key is an EC PRIVATE KEY; convert it: openssl pkcs8 -topk8 -nocrypt -in key"
            + " -out pkcs8.key",
        refusalOfTls());
    Files.writeString(key, TestAuthority.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}));
    assertEquals(
        "the TLS key key is encrypted; take the password off: openssl pkcs8 -in key -out plain.key,"
            + " and let nobody else read that",
        refusalOfTls());
    Files.writeString(key, TestAuthority.pem("PRIVATE KEY", new byte[] {1, 2}));
    assertEquals(
        "the TLS key key has a private key that is neither RSA nor EC, or is damaged",
        refusalOfTls());
  }

  @Test
  void a_key_of_another_certificate_is_refused() throws Exception {
    authority.issue("localhost").write(folder.resolve("other"), key);
    assertEquals(
        "the TLS key key is of another certificate than the first one in cert", refusalOfTls());
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    Files.writeString(
        key, TestAuthority.pem("PRIVATE KEY", rsa.generateKeyPair().getPrivate().getEncoded()));
    assertEquals(
        "the TLS key key is of another certificate than the first one in cert", refusalOfTls());
  }

  @Test
  void a_certificate_that_clients_refuse_is_a_warning() throws IOException {
    Instant now = Instant.now();
    authority
        .issue(now.minus(Duration.ofDays(9)), Instant.parse("2026-01-01T00:00:00Z"), "localhost")
        .write(certificate, key);
    assertEquals(
        List.of(
            "the TLS certificate cert has expired at 2026-01-01T00:00:00Z: clients refuse it;"
                + " replace the file, and the server takes the new one"),
        openWithTls("127.0.0.1"));
    authority
        .issue(Instant.parse("2100-01-01T00:00:00Z"), Instant.parse("2101-01-01T00:00:00Z"), "a")
        .write(certificate, key);
    assertEquals(
        List.of("the TLS certificate cert is not valid before 2100-01-01T00:00:00Z"),
        openWithTls("127.0.0.1"));
  }

  @Test
  void a_key_that_everybody_can_read_is_a_warning() throws IOException {
    authority
        .issue(Instant.now().minusSeconds(1), Instant.parse("2100-01-01T00:00:00Z"), "localhost")
        .write(certificate, key);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(
        List.of("the TLS key key is open to other users: chmod 600 key"), openWithTls("127.0.0.1"));
  }

  @Test
  void a_token_file_without_tokens_is_refused() throws IOException {
    Files.writeString(tokens, "# nobody yet\n");
    assertEquals(
        "the token file tokens has no token: nobody could call; `openssl rand -hex 32` makes one",
        refusal("127.0.0.1", "auth.token-file", tokens.toString()));
  }
}
