package dev.tracery.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tracery.store.Store.Commit;
import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Flips bits anywhere in a store's file: what is read is what was written, or the damage is named.
final class DamagedFileTest {

  private static final int COMMITS = 60;

  @TempDir Path directory;

  @Test
  void no_read_answers_what_was_not_written() throws IOException {
    Path whole = directory.resolve("whole.db");
    try (SqliteStore store = new SqliteStore(whole)) {
      for (long r = 1; r <= COMMITS; r++) {
        store.append(r - 1, StoreChild.entries(r), StoreChild.blobs(r));
      }
    }
    byte[] content = Files.readAllBytes(whole);
    Random random = new Random(3);
    Path file = directory.resolve("damaged.db");
    for (int i = 0; i < 150; i++) {
      byte[] damaged = content.clone();
      // Why mostly in the first pages: there the tables' structure is thickest.
      int range = i % 3 == 0 ? damaged.length : 64 << 10;
      for (int flips = 1 + random.nextInt(20); flips > 0; flips--) {
        damaged[random.nextInt(range)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, damaged);
      read(file);
    }
  }

  private static void read(Path file) {
    try (SqliteStore store = new SqliteStore(file)) {
      for (long after = 0; after < COMMITS; after++) {
        readCommit(store, after);
      }
    } catch (StoreException e) {
      assertNotEquals(Reason.FULL, e.reason());
    }
  }

  private static void readCommit(SqliteStore store, long after) {
    try {
      for (Commit commit : store.read(after, 1)) {
        assertArrayEquals(StoreChild.entries(after + 1), commit.entries());
      }
      StoreChild.blobs(after + 1)
          .forEach((hash, blob) ->
              store.blob(hash).ifPresent(content -> assertArrayEquals(blob, content)));
    } catch (StoreException e) {
      assertNotEquals(Reason.FULL, e.reason());
    }
  }
}
