package dev.tracery.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tracery.model.Sha256;
import dev.tracery.store.Store;
import dev.tracery.store.Store.AppendResult.Appended;
import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import dev.tracery.store.postgres.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database whose tables are on a file system that is full. The server has that file system in a
/// namespace of its own, which only root can make here: PostgreSQL does not run as the root of a
/// user's namespace.
final class FullDiskTest {

  // Why the owner of the last argument, the data directory: the tablespace must be the server's
  // own.
  private static final String MOUNT =
      """
      mount -t tmpfs -o size=12m,mode=0755 none "$0" && mkdir "$0/small" && for data; do :; done \
        && chown --reference="$data" "$0/small" && exec "$@"
      """;

  @TempDir Path directory;

  @Test
  void a_full_disk_costs_no_commit_and_ends_when_there_is_room() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (TestPostgres server =
        TestPostgres.options()
            .startedBy("unshare", "-m", "sh", "-c", MOUNT, directory.toString())
            .start()) {
      server.sql("postgres", "CREATE TABLESPACE small LOCATION '" + directory + "/small'");
      String database = server.newDatabase();
      try (Store store = open(server.url(database))) {
        server.sql(database, "ALTER TABLE blob SET TABLESPACE small");
        long head = 0;
        StoreException full = null;
        for (int i = 0; i < 100 && full == null; i++) {
          byte[] blob = new byte[1 << 20];
          new Random(i).nextBytes(blob);
          try {
            assertInstanceOf(
                Appended.class, store.append(head, new byte[] {1}, Map.of(Sha256.of(blob), blob)));
            head++;
          } catch (StoreException e) {
            full = e;
          }
        }

        StoreException found = full;
        assertTrue(found != null && head > 2);
        assertEquals(Reason.FULL, found.reason(), found::toString);
        assertTrue(
            String.valueOf(found.getMessage())
                .contains(
                    "cannot be written: there is no space left on its server: make room, nothing was lost"),
            found::toString);
        assertEquals(head, store.head());
        byte[] blob = new byte[1 << 20];
        new Random(1_000).nextBytes(blob);
        long now = head;
        assertThrows(
            StoreException.class,
            () -> store.append(now, new byte[] {1}, Map.of(Sha256.of(blob), blob)));
        server.sql(database, "ALTER TABLE blob SET TABLESPACE pg_default");

        assertEquals(
            head + 1,
            assertInstanceOf(
                    Appended.class,
                    store.append(head, new byte[] {1}, Map.of(Sha256.of(blob), blob)))
                .revision());
      }
    }
  }

  private static Store open(String url) {
    return new PostgresStore(Settings.of(url, TestPostgres.PASSWORD), () -> {});
  }
}
