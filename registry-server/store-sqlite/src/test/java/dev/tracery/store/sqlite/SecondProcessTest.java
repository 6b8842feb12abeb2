package dev.tracery.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecondProcessTest {

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void realPath() throws Exception {
    file = directory.toRealPath().resolve("registry.db");
  }

  @Test
  void a_store_that_another_process_holds_is_refused_until_that_process_ends() throws Exception {
    try (ChildProcess child = ChildProcess.start("hold", file)) {
      assertEquals("holding", child.line());

      StoreException e = assertThrows(StoreException.class, () -> new SqliteStore(file));
      assertEquals(inUse(String.valueOf(child.pid())), e.reason() + ": " + e.getMessage());

      child.kill();
      try (SqliteStore store = new SqliteStore(file)) {
        store.append(0, new byte[] {1}, Map.of());
      }
    }
  }

  @Test
  void another_process_is_refused_a_store_that_this_one_holds() throws Exception {
    try (SqliteStore store = new SqliteStore(file)) {
      // Why: a second try in this process must not cost the first its lock.
      assertThrows(StoreException.class, () -> new SqliteStore(file));
      try (ChildProcess child = ChildProcess.start("hold", file)) {
        assertEquals(
            inUse(String.valueOf(ProcessHandle.current().pid())).replaceFirst(":", ""),
            child.line());
      }
      store.append(0, new byte[] {1}, Map.of());
    }
  }

  @Test
  void a_second_store_in_one_process_is_refused() {
    try (SqliteStore store = new SqliteStore(file)) {
      StoreException e = assertThrows(StoreException.class, () -> new SqliteStore(file));

      String process = ProcessHandle.current().pid() + ", this one";
      assertEquals(inUse(process), e.reason() + ": " + e.getMessage());
      assertEquals(0, store.head());
    }
  }

  private String inUse(String process) {
    return "%s: %s is in use by another registry (process %s): stop that one, or name another file"
        .formatted(Reason.UNAVAILABLE, file, process);
  }
}
