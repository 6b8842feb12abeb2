package dev.tracery.store.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tracery.model.Sha256;
import dev.tracery.store.Store.AppendResult.Appended;
import dev.tracery.store.Store.Snapshot;
import dev.tracery.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreFileTest {

  @TempDir Path temporary;

  private Path directory;
  private Path file;

  @BeforeEach
  void realPath() throws IOException {
    directory = temporary.toRealPath();
    file = directory.resolve("registry.db");
  }

  @Test
  void a_new_store_leaves_nothing_but_its_file_and_its_lock() throws IOException {
    new SqliteStore(file).close();

    assertEquals(List.of("registry.db", "registry.db.lock"), names());
  }

  @Test
  void an_empty_file_becomes_a_store() throws IOException {
    Files.createFile(file);
    storeOneCommit();

    assertEquals(1, head());
  }

  @Test
  void what_an_interrupted_creation_left_is_cleared_away() throws IOException {
    Files.writeString(directory.resolve("registry.db.creating"), "half");
    Files.writeString(directory.resolve("registry.db.creating-wal"), "half");
    storeOneCommit();

    assertEquals(1, head());
    assertEquals(List.of("registry.db", "registry.db.lock"), names());
  }

  @ParameterizedTest
  @ValueSource(strings = {":memory:", "a?mode=memory", "100% #1", "file:x", "Ünïcode", "-wal"})
  void a_name_that_means_something_to_sqlite_is_only_a_name(String name) throws IOException {
    file = directory.resolve(name);
    storeOneCommit();

    assertEquals(1, head());
    assertEquals(Stream.of(name, name + ".lock").sorted().toList(), names());
  }

  @Test
  void a_link_and_what_it_links_to_are_one_store() throws IOException {
    storeOneCommit();
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);

    try (SqliteStore store = new SqliteStore(link)) {
      assertEquals(1, store.head());
      assertThrows(StoreException.class, () -> new SqliteStore(file));
    }
  }

  @Test
  void a_directory_is_refused() {
    assertEquals(
        "UNUSABLE: %s is a directory: name a file in it".formatted(directory),
        failureOf(directory));
  }

  @Test
  void a_missing_directory_is_named() throws IOException {
    assertEquals(
        "UNUSABLE: %1$s/no/such.db cannot be made: the directory %1$s/no is not there: create it, or name another"
            .formatted(directory),
        failureOf(directory.resolve("no/such.db")));
    assertEquals(List.of(), names());
  }

  @Test
  void a_device_is_refused() {
    assertEquals(
        "UNUSABLE: /dev/null is not a regular file: name another", failureOf(Path.of("/dev/null")));
  }

  @Test
  void another_kind_of_file_is_refused_and_left_alone() throws IOException {
    for (byte[] content : List.of("no".getBytes(), new byte[4096], "text ".repeat(99).getBytes())) {
      Files.write(file, content);

      assertEquals(notOurs(), failureOf(file));
      assertArrayEquals(content, Files.readAllBytes(file));
      assertEquals(List.of("registry.db"), names());
    }
  }

  @Test
  void another_applications_database_is_refused_and_left_alone() throws Exception {
    try (Connection connection = Connections.create(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE log (revision INTEGER PRIMARY KEY)");
    }
    byte[] content = Files.readAllBytes(file);

    assertEquals(notOurs(), failureOf(file));
    assertArrayEquals(content, Files.readAllBytes(file));
    assertEquals(List.of("registry.db"), names());
  }

  @Test
  void a_newer_programs_store_is_refused_and_left_alone() throws Exception {
    storeOneCommit();
    try (Connection connection = Connections.write(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 3");
    }
    byte[] content = Files.readAllBytes(file);

    assertEquals(
        "UNUSABLE: %s was written by a newer registry (format 3, this one knows 2): update this program"
            .formatted(file),
        failureOf(file));
    assertArrayEquals(content, Files.readAllBytes(file));
  }

  @Test
  void a_newer_version_that_only_the_write_ahead_log_has_is_refused() throws Exception {
    storeOneCommit();
    Path copy = directory.resolve("copy.db");
    try (Connection connection = Connections.write(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 3");
      // Why copies: closing the connection would move the write-ahead log into the file.
      Files.copy(file, copy);
      Files.copy(directory.resolve("registry.db-wal"), directory.resolve("copy.db-wal"));
    }

    assertEquals(
        "UNUSABLE: %s was written by a newer registry (format 3, this one knows 2): update this program"
            .formatted(copy),
        failureOf(copy));
  }

  /// The file was made by the first version of this program, whose log had two commits and a blob.
  @Test
  void a_file_of_the_first_version_is_brought_up_and_keeps_what_it_has() throws Exception {
    try (InputStream old = StoreFileTest.class.getResourceAsStream("registry-1.db")) {
      Files.copy(Objects.requireNonNull(old), file);
    }
    for (int i = 0; i < 2; i++) {
      try (SqliteStore store = new SqliteStore(file)) {
        assertEquals(2, store.head());
        assertEquals(
            List.of("1 one", "2 two"),
            store.read(0, 9).stream()
                .map(commit -> commit.revision() + " " + new String(commit.entries(), UTF_8))
                .toList());
        assertEquals(
            "content",
            new String(store.blob(Sha256.of("content".getBytes(UTF_8))).orElseThrow(), UTF_8));
        assertEquals(i == 0, store.snapshot().isEmpty());
        store.save(new Snapshot(2, List.of(new byte[] {1})));
      }
    }
  }

  @Test
  void a_file_of_the_first_version_that_is_damaged_is_left_alone() throws Exception {
    try (Connection connection = Connections.create(file);
        Statement statement = connection.createStatement()) {
      Schema.create(connection, 1);
      statement.execute("DROP TABLE blob");
    }

    assertEquals(
        "CORRUPT: %s is damaged: expected the tables blob,log but found log: restore it from a backup or from an export"
            .formatted(file),
        failureOf(file));
    try (Connection connection = Connections.read(file);
        Statement statement = connection.createStatement();
        ResultSet version = statement.executeQuery("PRAGMA user_version")) {
      assertEquals(1, version.getInt(1));
    }
  }

  @Test
  void a_read_only_file_is_refused() throws IOException {
    storeOneCommit();
    assertTrue(file.toFile().setWritable(false));
    assumeFalse(Files.isWritable(file), "the superuser may write everything");

    assertEquals(
        "UNUSABLE: %s is read-only: allow this user to write it".formatted(file), failureOf(file));
  }

  @Test
  void a_read_only_directory_is_refused() throws IOException {
    assertTrue(directory.toFile().setWritable(false));
    assumeFalse(Files.isWritable(directory), "the superuser may write everything");

    assertEquals(
        "UNUSABLE: %s cannot be used: its directory is read-only: allow this user to write it"
            .formatted(file),
        failureOf(file));
  }

  @Test
  void a_log_without_its_file_is_not_replayed_into_a_new_one() throws IOException {
    Path log = directory.resolve("registry.db-wal");
    Files.writeString(log, "commits");

    assertEquals(
        "UNUSABLE: %s is missing but its write-ahead log %s is there: put the file back, or move the log away"
            .formatted(file, log),
        failureOf(file));
    assertEquals("commits", Files.readString(log));
  }

  @Test
  void a_store_without_its_tables_is_damaged() throws Exception {
    storeOneCommit();
    try (Connection connection = Connections.write(file);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE blob");
    }

    assertEquals(
        "CORRUPT: %s is damaged: expected the tables blob,log,snapshot_part but found log,snapshot_part: restore it from a backup or from an export"
            .formatted(file),
        failureOf(file));
  }

  @Test
  void a_file_that_was_cut_short_is_damaged() throws IOException {
    storeOneCommit();
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, 4096));

    String failure = failureOf(file);
    assertTrue(failure.startsWith("CORRUPT: " + file + " cannot be opened because"), failure);
  }

  @Test
  void a_version_before_the_first_is_damage() throws IOException {
    storeOneCommit();
    byte[] content = Files.readAllBytes(file);
    ByteBuffer.wrap(content).putInt(60, 0);
    Files.write(file, content);

    assertEquals(
        "CORRUPT: %s is damaged: expected format 1 to 2 but found 0: restore it from a backup or from an export"
            .formatted(file),
        failureOf(file));
  }

  @Test
  void a_store_opens_after_a_failure() throws IOException {
    Files.writeString(file, "text");
    failureOf(file);
    Files.delete(file);
    storeOneCommit();

    assertEquals(1, head());
  }

  @Test
  void times_do_not_go_back_with_the_clock() {
    ArrayDeque<Instant> clock = new ArrayDeque<>();
    Stream.of(5, 3, 9, 4).map(Instant::ofEpochMilli).forEach(clock::add);
    try (SqliteStore store = new SqliteStore(file, clock::remove)) {
      assertEquals(new Appended(1, 5), store.append(0, new byte[1], Map.of()));
      assertEquals(new Appended(2, 5), store.append(1, new byte[1], Map.of()));
      assertEquals(new Appended(3, 9), store.append(2, new byte[1], Map.of()));
    }
    try (SqliteStore store = new SqliteStore(file, clock::remove)) {
      assertEquals(new Appended(4, 9), store.append(3, new byte[1], Map.of()));
    }
  }

  private String notOurs() {
    return "UNUSABLE: %s is not a registry's file, and was left as it is: name another"
        .formatted(file);
  }

  private String failureOf(Path path) {
    StoreException e = assertThrows(StoreException.class, () -> new SqliteStore(path));
    return e.reason() + ": " + e.getMessage();
  }

  private void storeOneCommit() {
    try (SqliteStore store = new SqliteStore(file)) {
      store.append(0, new byte[10_000], Map.of());
    }
  }

  private long head() {
    try (SqliteStore store = new SqliteStore(file)) {
      return store.head();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
