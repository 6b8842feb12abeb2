package dev.tracery.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tracery.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Takes the room away, or the right to write. Needs file systems of its own, which Linux lets
/// anybody mount in a namespace of their own unless the machine forbids it.
final class FullDiskTest {

  private static final String MOUNT_SMALL = "mount -t tmpfs -o size=6m none \"$0\" && exec \"$@\"";
  private static final String RUN_AGAIN_READ_ONLY =
      "mount -t tmpfs none \"$0\" && \"$@\" && mount -o remount,ro \"$0\" && exec \"$@\"";

  @TempDir Path directory;

  @Test
  void a_full_disk_costs_no_commit_and_ends_when_there_is_room() throws Exception {
    Path file = directory.toRealPath().resolve("registry.db");

    List<String> said = run(MOUNT_SMALL, "fill", file);

    assertEquals(4, said.size(), said::toString);
    String noSpace = ": there is no space left on its file system: make room, nothing was lost";
    assertTrue(
        said.get(0).startsWith("FULL %s cannot be written%s".formatted(file, noSpace)),
        said::toString);
    Path other = file.resolveSibling("other.db");
    assertTrue(
        said.get(1).startsWith("FULL %s cannot be opened%s".formatted(other, noSpace)),
        said::toString);
    assertEquals(
        List.of("unacknowledged: 0, half stored: false", "one more: true, intact: true"),
        said.subList(2, 4));
  }

  @Test
  void a_read_only_file_system_is_refused() throws Exception {
    Path file = directory.toRealPath().resolve("registry.db");

    assertEquals(
        List.of("opened", "UNUSABLE %s is read-only: allow this user to write it".formatted(file)),
        run(RUN_AGAIN_READ_ONLY, "open", file));
  }

  @Test
  void sqlite_that_finds_no_room_means_a_full_disk() throws SQLException {
    Path file = directory.resolve("registry.db");
    new SqliteStore(file).close();
    try (Connection connection = Connections.write(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA max_page_count = 10");

      SQLException e =
          assertThrows(
              SQLException.class,
              () ->
                  statement.execute(
                      "INSERT INTO log VALUES (1, 1, 1, 0, 100000, randomblob(100000))"));
      assertEquals(Reason.FULL, SqliteFailure.of(file, "cannot be written", e).reason());
    }
  }

  private static List<String> run(String script, String task, Path file) throws Exception {
    List<String> namespace = List.of("unshare", "--user", "--map-root-user", "--mount");
    assumeTrue(succeeds(namespace), "no mount namespaces here");
    List<String> wrapper = new ArrayList<>(namespace);
    wrapper.addAll(List.of("sh", "-c", script, String.valueOf(file.getParent())));
    List<String> said = new ArrayList<>();
    try (ChildProcess child = ChildProcess.start(wrapper, task, file)) {
      for (String line = child.line(); line != null; line = child.line()) {
        said.add(line);
      }
    }
    return said;
  }

  private static boolean succeeds(List<String> namespace) throws InterruptedException {
    List<String> command = new ArrayList<>(namespace);
    command.addAll(List.of("mount", "-t", "tmpfs", "none", "/mnt"));
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
