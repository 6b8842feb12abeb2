package dev.tracery.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.model.Sha256;
import dev.tracery.store.Store.AppendResult;
import dev.tracery.store.Store.AppendResult.Appended;
import dev.tracery.store.Store.AppendResult.HeadMoved;
import dev.tracery.store.Store.Commit;
import dev.tracery.store.Store.PendingCommit;
import dev.tracery.store.Store.Server;
import dev.tracery.store.Store.Snapshot;
import dev.tracery.store.StoreException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [Store] does. An implementation's test extends this and says how to open a store and
/// how to damage what it holds.
public abstract class StoreContract {

  private static final Map<Sha256, byte[]> NO_BLOBS = Map.of();

  private Store store;

  /// Opens the store of this test, empty at first. Called again after the store was closed it opens
  /// the same one.
  protected abstract Store open() throws Exception;

  /// Changes a stored commit's entries. The store is closed meanwhile.
  protected abstract void damageEntries(long revision) throws Exception;

  /// Changes a stored blob's content. The store is closed meanwhile.
  protected abstract void damageBlob(Sha256 hash) throws Exception;

  /// Changes the content of the snapshot that was saved. The store is closed meanwhile.
  protected abstract void damageSnapshot() throws Exception;

  @BeforeEach
  final void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  @Test
  void a_new_store_is_empty() {
    assertEquals(0, store.head());
    assertEquals(List.of(), store.read(0, 10));
    assertEquals(Optional.empty(), store.blob(Sha256.of(bytes("nothing"))));
  }

  @Test
  void an_append_at_the_head_gets_the_next_revision_and_is_read_back() {
    Appended first = appended(store.append(0, bytes("one"), blobs("a", "b")));
    Appended second = appended(store.append(1, bytes("two"), blobs("c")));

    assertEquals(List.of(1L, 2L), List.of(first.revision(), second.revision()));
    assertEquals(2, store.head());
    assertEquals(
        List.of(
            "1@%d one".formatted(first.timeMillis()), "2@%d two".formatted(second.timeMillis())),
        withTimes(store.read(0, 10)));
    assertEquals(List.of("a", "b", "c"), List.of(blob("a"), blob("b"), blob("c")));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 2, -1, Long.MAX_VALUE})
  void an_append_at_another_head_is_refused_and_stores_nothing(long expectedHead) {
    store.append(0, bytes("one"), NO_BLOBS);

    AppendResult result = store.append(expectedHead, bytes("two"), blobs("a"));

    assertEquals(new HeadMoved(1), result);
    assertEquals(1, store.head());
    assertEquals(List.of("1 one"), read(0, 10));
    assertEquals(Optional.empty(), store.blob(Sha256.of(bytes("a"))));
  }

  @Test
  void a_commit_without_entries_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> store.append(0, new byte[0], blobs("a")));

    assertEquals(0, store.head());
    assertEquals(Optional.empty(), store.blob(Sha256.of(bytes("a"))));
  }

  @Test
  void a_blob_is_stored_once() {
    byte[] content = noise(1, 1 << 20);
    store.append(0, bytes("one"), Map.of(Sha256.of(content), content));
    long size = store.sizeInBytes();

    store.append(1, bytes("two"), Map.of(Sha256.of(content), content));

    assertTrue(size > content.length, () -> "size " + size);
    long growth = store.sizeInBytes() - size;
    assertTrue(growth < content.length / 2, () -> "growth " + growth);
    assertArrayEquals(content, store.blob(Sha256.of(content)).orElseThrow());
  }

  @Test
  void blobs_of_every_size_and_kind_come_back() {
    Map<Sha256, byte[]> blobs = new HashMap<>();
    for (int size : new int[] {0, 1, 2, 63, 64, 100, 1_000, 4_095, 4_096, 70_000, 1_000_000}) {
      for (byte[] content : List.of(noise(size, size), new byte[size], text(size))) {
        blobs.put(Sha256.of(content), content);
      }
    }
    store.append(0, bytes("one"), blobs);

    blobs.forEach((hash, content) -> assertArrayEquals(content, store.blob(hash).orElseThrow()));
  }

  @Test
  void a_window_of_the_log_is_read() {
    for (int i = 0; i < 10; i++) {
      store.append(i, bytes("e" + (i + 1)), NO_BLOBS);
    }

    assertEquals(List.of("1 e1", "2 e2", "3 e3"), read(0, 3));
    assertEquals(List.of("8 e8", "9 e9", "10 e10"), read(7, 3));
    assertEquals(List.of("9 e9", "10 e10"), read(8, Integer.MAX_VALUE));
    assertEquals(List.of(), read(10, 5));
    assertEquals(List.of(), read(Long.MAX_VALUE, 5));
    assertEquals(List.of(), read(0, 0));
    assertThrows(IllegalArgumentException.class, () -> store.read(-1, 5));
    assertThrows(IllegalArgumentException.class, () -> store.read(0, -1));
  }

  @Test
  void callers_own_their_arrays() {
    byte[] entries = bytes("one");
    byte[] content = bytes("blob");
    Sha256 hash = Sha256.of(content);
    store.append(0, entries, Map.of(hash, content));
    entries[0] = content[0] = 'X';
    store.read(0, 1).getFirst().entries()[0] = 'X';
    store.blob(hash).orElseThrow()[0] = 'X';

    assertEquals(List.of("1 one"), read(0, 1));
    assertEquals("blob", blob("blob"));
  }

  @Test
  void everything_is_there_after_reopening() throws Exception {
    store.append(0, bytes("one"), blobs("a"));
    store.append(1, bytes("two"), blobs("b"));
    List<String> before = withTimes(store.read(0, 10));

    reopen();

    assertEquals(2, store.head());
    assertEquals(before, withTimes(store.read(0, 10)));
    assertEquals(List.of("a", "b"), List.of(blob("a"), blob("b")));
    assertEquals(3, appended(store.append(2, bytes("three"), blobs("a"))).revision());
  }

  @Test
  void a_big_commit_comes_back() throws Exception {
    byte[] entries = noise(2, 8 << 20);
    byte[] content = noise(3, 8 << 20);
    store.append(0, entries, Map.of(Sha256.of(content), content));
    reopen();

    assertArrayEquals(entries, store.read(0, 1).getFirst().entries());
    assertArrayEquals(content, store.blob(Sha256.of(content)).orElseThrow());
  }

  @Test
  void many_commits_come_back() throws Exception {
    int count = 10_000;
    Iterator<PendingCommit> commits =
        IntStream.rangeClosed(1, count)
            .mapToObj(i -> new PendingCommit(i, bytes("e" + i), blobs("b" + i % 100)))
            .iterator();
    assertEquals(new Appended(count, count), store.appendAll(() -> commits));
    reopen();

    List<String> expected =
        IntStream.rangeClosed(1, count).mapToObj("%1$d@%1$d e%1$d"::formatted).toList();
    assertEquals(expected, withTimes(store.read(0, count)));
    assertEquals("b99", blob("b99"));
  }

  @Test
  void an_import_keeps_the_times_and_later_commits_are_never_before_them() {
    long future = 32_503_680_000_000L;
    assertEquals(
        new Appended(2, future),
        store.appendAll(List.of(pending(5, "one", "a"), pending(future, "two", "a", "b"))));

    assertEquals(new Appended(3, future), store.append(2, bytes("three"), NO_BLOBS));
    assertEquals(
        List.of("1@5 one", "2@" + future + " two", "3@" + future + " three"),
        withTimes(store.read(0, 10)));
    assertEquals(List.of("a", "b"), List.of(blob("a"), blob("b")));
  }

  @Test
  void an_import_into_a_log_that_is_not_empty_is_refused() {
    store.append(0, bytes("one"), NO_BLOBS);

    assertEquals(new HeadMoved(1), store.appendAll(List.of(pending(5, "two", "a"))));
    assertEquals(List.of("1 one"), read(0, 10));
    assertEquals(Optional.empty(), store.blob(Sha256.of(bytes("a"))));
  }

  @Test
  void an_import_of_nothing_does_nothing() {
    assertEquals(new Appended(0, 0), store.appendAll(List.of()));
    assertEquals(0, store.head());
  }

  @Test
  void an_import_that_fails_in_the_middle_leaves_the_log_empty() throws Exception {
    IllegalStateException cut = new IllegalStateException("the file ends early");
    List<Long> heads = new CopyOnWriteArrayList<>();
    store.onHeadMoved(heads::add);
    Iterable<PendingCommit> commits =
        () ->
            IntStream.range(0, 100)
                .mapToObj(i -> {
                  if (i == 50) {
                    throw cut;
                  }
                  return pending(i, "e" + i, "b" + i);
                })
                .iterator();

    assertEquals(cut, assertThrows(Exception.class, () -> store.appendAll(commits)));
    assertEquals(0, store.head());
    assertEquals(List.of(), heads);
    reopen();
    assertEquals(List.of(), store.read(0, 10));
    assertEquals(Optional.empty(), store.blob(Sha256.of(bytes("b0"))));
    assertEquals(1, appended(store.append(0, bytes("one"), blobs("b0"))).revision());
  }

  @Test
  void an_import_with_a_bad_commit_leaves_the_log_empty() {
    assertThrows(
        IllegalArgumentException.class,
        () -> store.appendAll(List.of(pending(5, "one", "a"), pending(4, "two"))));
    assertThrows(
        IllegalArgumentException.class,
        () -> store.appendAll(List.of(pending(5, "one", "a"), pending(5, ""))));

    assertEquals(0, store.head());
    assertEquals(Optional.empty(), store.blob(Sha256.of(bytes("a"))));
  }

  @Test
  void listeners_hear_each_new_head_until_they_unsubscribe() {
    List<Long> heard = new CopyOnWriteArrayList<>();
    List<Long> others = new CopyOnWriteArrayList<>();
    Store.Subscription subscription = store.onHeadMoved(heard::add);
    store.onHeadMoved(others::add);

    store.append(0, bytes("one"), NO_BLOBS);
    store.append(0, bytes("stale"), NO_BLOBS);
    store.append(1, bytes("two"), NO_BLOBS);
    subscription.close();
    subscription.close();
    store.append(2, bytes("three"), NO_BLOBS);

    awaitSize(others, 3);
    assertEquals(List.of(1L, 2L), heard);
    assertEquals(List.of(1L, 2L, 3L), others);
  }

  @Test
  void a_listener_may_read_what_it_is_told_of() {
    List<String> read = new CopyOnWriteArrayList<>();
    store.onHeadMoved(head -> read.addAll(read(head - 1, 10)));

    store.append(0, bytes("one"), NO_BLOBS);

    awaitSize(read, 1);
    assertEquals(List.of("1 one"), read);
  }

  @Test
  void a_listener_that_throws_harms_nobody() {
    List<Long> heard = new CopyOnWriteArrayList<>();
    store.onHeadMoved(_ -> {
      throw new IllegalStateException("a listener that fails, on purpose");
    });
    store.onHeadMoved(heard::add);

    assertEquals(1, appended(store.append(0, bytes("one"), NO_BLOBS)).revision());
    awaitSize(heard, 1);
    assertEquals(List.of(1L), heard);
  }

  @Test
  void racing_appends_win_each_revision_exactly_once() throws Exception {
    int threads = 8;
    int commits = 25;
    Map<Long, String> acknowledged = new ConcurrentSkipListMap<>();
    AtomicInteger twice = new AtomicInteger();
    List<Long> heads = new CopyOnWriteArrayList<>();
    store.onHeadMoved(heads::add);
    List<Callable<Void>> racers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      String racer = "racer " + t;
      racers.add(() -> {
        for (int won = 0; won < commits; ) {
          String entries = racer + " commit " + won;
          long head = store.head();
          switch (store.append(head, bytes(entries), blobs(entries, "shared"))) {
            case Appended(long revision, _) -> {
              won++;
              if (revision != head + 1 || acknowledged.put(revision, entries) != null) {
                twice.incrementAndGet();
              }
              List<Commit> seen = store.read(head, 1);
              assertEquals(entries, string(seen.getFirst().entries()));
            }
            case HeadMoved(long moved) -> assertTrue(moved > head);
          }
        }
        return null;
      });
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (Future<Void> racer : executor.invokeAll(racers)) {
        racer.get();
      }
    }

    assertEquals(0, twice.get());
    assertEquals(threads * commits, store.head());
    List<String> expected = new ArrayList<>();
    acknowledged.forEach((revision, entries) -> expected.add(revision + " " + entries));
    assertEquals(expected, read(0, Integer.MAX_VALUE));
    acknowledged.values().forEach(entries -> assertEquals(entries, blob(entries)));
    assertEquals(heads.stream().sorted().distinct().toList(), heads);
    assertInOrder(store.read(0, Integer.MAX_VALUE));
  }

  @Test
  void damaged_entries_are_found() throws Exception {
    store.append(0, bytes("one"), NO_BLOBS);
    store.append(1, bytes("two"), NO_BLOBS);
    store.close();
    damageEntries(2);
    store = open();

    assertEquals(List.of("1 one"), read(0, 1));
    StoreException e = assertThrows(StoreException.class, () -> store.read(0, 2));
    assertEquals(Reason.CORRUPT, e.reason());
  }

  @Test
  void a_damaged_blob_is_found() throws Exception {
    store.append(0, bytes("one"), blobs("a", "b"));
    store.close();
    damageBlob(Sha256.of(bytes("b")));
    store = open();

    assertEquals("a", blob("a"));
    StoreException e = assertThrows(StoreException.class, () -> blob("b"));
    assertEquals(Reason.CORRUPT, e.reason());
  }

  @Test
  void a_closed_store_refuses_every_call_but_close() {
    store.append(0, bytes("one"), blobs("a"));
    store.close();
    store.close();

    List<Callable<?>> calls =
        List.of(
            () -> store.head(),
            () -> store.append(1, bytes("two"), NO_BLOBS),
            () -> store.appendAll(List.of()),
            () -> store.read(0, 1),
            () -> store.blob(Sha256.of(bytes("a"))),
            () -> store.sizeInBytes());
    for (Callable<?> call : calls) {
      StoreException e = assertThrows(StoreException.class, call::call);
      assertEquals(Reason.UNAVAILABLE, e.reason());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void random_operations_end_as_they_do_in_the_model(long seed) throws Exception {
    new StoreAgainstModel(this, seed).run(300);
  }

  final void reopen() throws Exception {
    store.close();
    store = open();
  }

  final Store store() {
    return store;
  }

  private List<String> read(long afterRevision, int limit) {
    return store.read(afterRevision, limit).stream()
        .map(commit -> commit.revision() + " " + string(commit.entries()))
        .toList();
  }

  private String blob(String content) {
    return string(store.blob(Sha256.of(bytes(content))).orElseThrow());
  }

  static void assertInOrder(List<Commit> commits) {
    List<Long> times = commits.stream().map(Commit::timeMillis).toList();
    assertEquals(times.stream().sorted().toList(), times);
    List<Long> revisions = commits.stream().map(Commit::revision).toList();
    assertEquals(LongStream.rangeClosed(1, commits.size()).boxed().toList(), revisions);
  }

  private static List<String> withTimes(List<Commit> commits) {
    return commits.stream()
        .map(c -> c.revision() + "@" + c.timeMillis() + " " + string(c.entries()))
        .toList();
  }

  // Why: a listener may be told late, from another thread.
  private static void awaitSize(List<?> list, int size) {
    for (int i = 0; i < 1_000 && list.size() < size; i++) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void a_snapshot_is_read_back_after_the_store_was_closed() throws Exception {
    store.append(0, bytes("one"), NO_BLOBS);
    assertEquals(Optional.empty(), store.snapshot());

    store.save(new Snapshot(1, List.of(bytes("first"), noise(1, 3 << 20), bytes("last"))));
    store.close();
    store = open();

    Snapshot saved = store.snapshot().orElseThrow();
    assertEquals(1, saved.revision());
    assertEquals(3, saved.parts().size());
    assertArrayEquals(bytes("first"), saved.parts().get(0));
    assertArrayEquals(noise(1, 3 << 20), saved.parts().get(1));
    assertArrayEquals(bytes("last"), saved.parts().get(2));
    assertEquals(1, store.head());
  }

  @Test
  void the_snapshot_of_the_greatest_revision_is_the_one_that_counts() {
    store.append(0, bytes("one"), NO_BLOBS);
    store.append(1, bytes("two"), NO_BLOBS);
    store.append(2, bytes("three"), NO_BLOBS);

    store.save(new Snapshot(2, List.of(bytes("at two"))));
    store.save(new Snapshot(2, List.of(bytes("again"))));
    store.save(new Snapshot(1, List.of(bytes("late"))));
    assertEquals("2 at two", snapshot());

    store.save(new Snapshot(3, List.of(bytes("at three"))));
    assertEquals("3 at three", snapshot());
  }

  @Test
  void a_snapshot_that_cannot_be_is_refused() {
    store.append(0, bytes("one"), NO_BLOBS);

    for (long revision : new long[] {-1, 0, 2}) {
      Snapshot snapshot = new Snapshot(revision, List.of(bytes("x")));
      assertThrows(IllegalArgumentException.class, () -> store.save(snapshot));
    }
    assertThrows(IllegalArgumentException.class, () -> store.save(new Snapshot(1, List.of())));
    assertEquals(Optional.empty(), store.snapshot());
  }

  @Test
  void a_damaged_snapshot_is_told_and_harms_nothing_else() throws Exception {
    store.append(0, bytes("one"), blobs("a"));
    store.save(new Snapshot(1, List.of(bytes("content"))));
    store.close();
    damageSnapshot();
    store = open();

    StoreException thrown = assertThrows(StoreException.class, () -> store.snapshot());

    assertEquals(Reason.CORRUPT, thrown.reason());
    assertEquals(List.of("1 one"), read(0, 10));
    appended(store.append(1, bytes("two"), NO_BLOBS));
    store.save(new Snapshot(2, List.of(bytes("better"))));
    assertEquals("2 better", snapshot());
  }

  @Test
  void a_server_that_was_announced_is_listed_until_the_store_is_closed() throws Exception {
    Instant started = Instant.ofEpochSecond(1_700_000_000);
    store.announce(new Server("a", "host:1", "1.0", 0, started, Instant.EPOCH));
    store.announce(new Server("a", "host:1", "1.0", 7, started, Instant.EPOCH));

    Server found =
        eventually(() -> store.servers().stream().filter(s -> s.revision() == 7).toList());

    assertEquals("a", found.id());
    assertEquals("host:1", found.address());
    assertEquals("1.0", found.version());
    assertEquals(started, found.started());
    assertTrue(found.heard().isAfter(started));
    assertEquals(1, store.servers().size());

    store.close();
    store = open();
    assertEquals(List.of(), store.servers());
  }

  @Test
  void an_open_store_is_reachable() {
    assertTrue(store.health().reachable());
    assertEquals("", store.health().problem());
    assertTrue(store.health().age().compareTo(Duration.ofSeconds(10)) < 0);
  }

  private String snapshot() {
    Snapshot snapshot = store.snapshot().orElseThrow();
    return snapshot.revision() + " " + string(snapshot.parts().getFirst());
  }

  /// The first element of the first list that is not empty.
  private static <T> T eventually(Callable<List<T>> question) throws Exception {
    for (int i = 0; i < 200; i++) {
      List<T> answer = question.call();
      if (!answer.isEmpty()) {
        return answer.getFirst();
      }
      Thread.sleep(50);
    }
    throw new AssertionError("not within 10 seconds");
  }

  private static Appended appended(AppendResult result) {
    return assertInstanceOf(Appended.class, result);
  }

  private static PendingCommit pending(long time, String entries, String... blobs) {
    return new PendingCommit(time, bytes(entries), blobs(blobs));
  }

  private static Map<Sha256, byte[]> blobs(String... contents) {
    Map<Sha256, byte[]> blobs = new HashMap<>();
    for (String content : contents) {
      blobs.put(Sha256.of(bytes(content)), bytes(content));
    }
    return blobs;
  }

  private static byte[] noise(long seed, int size) {
    byte[] noise = new byte[size];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  private static byte[] text(int size) {
    String line = "\tfield:unsigned long args[6];\toffset:16;\tsize:48;\tsigned:0;\n";
    return bytes(line.repeat(size / line.length() + 1).substring(0, size));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String string(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
