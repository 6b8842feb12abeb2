package dev.tracery.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.store.Store.Commit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process that appends, again and again, and looks at what it leaves behind. The system
/// property `tracery.kills` says how often (10), `tracery.kills.seed` from which seed.
final class KilledProcessTest {

  private static final int KILLS = Integer.getInteger("tracery.kills", 10);
  private static final long SEED = Long.getLong("tracery.kills.seed", 7);

  @TempDir Path directory;

  private Path file = Path.of("");
  private long acknowledged;

  @Test
  void what_was_acknowledged_survives_and_nothing_is_there_by_half() throws Exception {
    Random random = new Random(SEED);
    int kills = 0;
    for (int life = 0; kills < KILLS; life++) {
      file = directory.resolve("store-" + life + ".db");
      acknowledged = 0;
      for (int i = 1 + random.nextInt(4); i > 0 && kills < KILLS; i--) {
        runAndKill(random);
        kills++;
        acknowledged = checkedHead();
      }
      Files.deleteIfExists(file);
    }
  }

  private void runAndKill(Random random) throws Exception {
    // Why two ways: a count reaches deep into the work, a time reaches between any two lines of it.
    int lines = random.nextInt(60);
    long pause = TimeUnit.MICROSECONDS.toNanos(random.nextInt(20_000));
    try (ChildProcess child = ChildProcess.start("importAndAppend", file)) {
      if (random.nextInt(8) == 0) {
        Thread.sleep(random.nextInt(600));
      } else {
        for (int i = 0; i < lines; i++) {
          listen(Objects.requireNonNull(child.line(), "it ended by itself"));
        }
        Thread.sleep(pause / 1_000_000, (int) (pause % 1_000_000));
      }
      child.kill();
      for (String line = child.line(); line != null; line = child.line()) {
        listen(line);
      }
    }
  }

  private void listen(String line) {
    String[] words = line.split(" ", -1);
    if (words[0].equals("acknowledged")) {
      acknowledged = Long.parseLong(words[1]);
    } else {
      assertEquals("importing", line);
    }
  }

  private long checkedHead() {
    try (SqliteStore store = new SqliteStore(file)) {
      long head = store.head();
      // One append may have reached the disk before it could be acknowledged; an import is one.
      long greatest = acknowledged == 0 ? StoreChild.IMPORTED : acknowledged + 1;
      assertTrue(
          head >= acknowledged && head <= greatest,
          () -> "acknowledged %d, found %d".formatted(acknowledged, head));
      assertTrue(head == 0 || head >= StoreChild.IMPORTED, () -> "a part of an import: " + head);
      for (Commit commit : store.read(0, Integer.MAX_VALUE)) {
        assertArrayEquals(StoreChild.entries(commit.revision()), commit.entries());
        StoreChild.blobs(commit.revision())
            .forEach((hash, blob) -> assertArrayEquals(blob, store.blob(hash).orElse(null)));
      }
      assertEquals(Optional.empty(), someBlobOf(store, head + 30));
      return head;
    }
  }

  private static Optional<byte[]> someBlobOf(SqliteStore store, long revision) {
    return StoreChild.blobs(revision).keySet().stream().findFirst().flatMap(store::blob);
  }
}
