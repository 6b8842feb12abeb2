package dev.tracery.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.api.TestAuthority;
import dev.tracery.store.StoreException;
import dev.tracery.store.postgres.testing.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that speaks TLS only, with a certificate for 127.0.0.1.
final class TlsTest {

  @TempDir Path directory;

  @Test
  void the_database_is_who_it_says_it_is_or_refused() {
    Path right = directory.resolve("right.pem");
    Path wrong = directory.resolve("wrong.pem");
    Path certificate = directory.resolve("certificate.pem");
    Path key = directory.resolve("key.pem");
    TestAuthority authority = new TestAuthority("right");
    authority.write(right);
    new TestAuthority("wrong").write(wrong);
    authority.issue("127.0.0.1").write(certificate, key);
    try (TestPostgres server = TestPostgres.options().tls(certificate, key).start()) {
      String url = server.url(server.newDatabase());

      open(url + "?sslmode=verify-full&sslrootcert=" + right).close();
      open(url + "?sslmode=require").close();
      assertEquals(
          List.of("t"),
          server.sql("postgres", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));

      assertTls(url + "?sslmode=verify-full&sslrootcert=" + wrong);
      assertTls(
          url.replace("127.0.0.1", "localhost") + "?sslmode=verify-full&sslrootcert=" + right);
      StoreException plain =
          assertThrows(StoreException.class, () -> open(url + "?sslmode=disable"));
      assertTrue(
          String.valueOf(plain.getMessage()).contains("does not let in the role tracery"),
          plain::getMessage);
    }
  }

  @Test
  void a_database_without_tls_is_refused_where_tls_is_wanted() {
    assertTls(SharedPostgres.SERVER.url(SharedPostgres.DATABASE) + "?sslmode=require");
  }

  private static void assertTls(String url) {
    StoreException e = assertThrows(StoreException.class, () -> open(url));
    assertTrue(
        String.valueOf(e.getMessage())
            .contains(
                "TLS failed: compare sslmode and sslrootcert in its URL with its certificate"),
        e::getMessage);
  }

  private static PostgresStore open(String url) {
    return new PostgresStore(Settings.of(url, TestPostgres.PASSWORD), () -> {});
  }
}
