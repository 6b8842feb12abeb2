package dev.tracery.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.store.Store;
import dev.tracery.store.Store.AppendResult.Appended;
import dev.tracery.store.Store.Commit;
import dev.tracery.store.Store.Server;
import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import dev.tracery.store.postgres.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a store does while its database is stopped, killed, silent, another one, or replaced by its
/// replica.
final class FailingDatabaseTest {

  private final TestPostgres server = TestPostgres.started();
  private final String database = server.newDatabase();
  private final AtomicInteger rewound = new AtomicInteger();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(server));

  @AfterEach
  void closeEverything() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  @Test
  void a_restart_is_survived() {
    Store store = store(server.url(database));
    append(store, 0);
    server.stop();

    await(() -> !store.health().reachable());
    assertTrue(
        store.health().problem().contains("cannot be reached: start it"), store.health()::problem);
    assertEquals(
        Reason.UNAVAILABLE, assertThrows(StoreException.class, () -> append(store, 1)).reason());
    assertEquals(
        Reason.UNAVAILABLE, assertThrows(StoreException.class, () -> store.read(0, 1)).reason());
    server.start();

    await(() -> store.health().reachable());
    assertEquals(2, append(store, 1));
    assertEquals("", store.health().problem());
  }

  @Test
  void a_silent_database_is_noticed_and_comes_back() throws InterruptedException {
    Store store = store(server.url(database));
    append(store, 0);
    server.pause();
    List<Object> ended = new CopyOnWriteArrayList<>();
    // Why before it is noticed: this one is sent, and must not wait for ever.
    Thread sender =
        Thread.ofPlatform()
            .start(() -> {
              try {
                ended.add(store.append(1, new byte[] {2}, Map.of()));
              } catch (StoreException e) {
                ended.add(e.reason());
              }
            });

    await(() -> !store.health().reachable());
    assertThrows(StoreException.class, () -> store.read(0, 1));
    sender.join(TimeUnit.SECONDS.toMillis(60));
    assertFalse(sender.isAlive());
    server.resume();
    await(() -> store.health().reachable());

    // Why: it may have been done when the server went on, though nobody knew.
    if (!ended.equals(List.of(Reason.UNCERTAIN))) {
      assertEquals(List.of(Reason.UNAVAILABLE), ended);
      assertEquals(1, store.head());
    }
    long head = store.head();
    assertEquals(head + 1, append(store, head));
  }

  @Test
  void other_servers_commits_are_heard_of_after_a_restart() {
    Store one = store(server.url(database));
    Store other = store(server.url(database));
    List<Long> heard = new CopyOnWriteArrayList<>();
    other.onHeadMoved(heard::add);
    append(one, 0);
    await(() -> heard.contains(1L));

    server.restart();
    await(() -> one.health().reachable() && other.health().reachable());
    appendWhenPossible(one, 1);

    await(() -> heard.contains(2L));
    assertEquals(2, other.read(0, 10).size());
  }

  @Test
  void what_was_acknowledged_is_there_after_kills_and_nothing_twice() throws Exception {
    Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    Map<String, Boolean> uncertain = new ConcurrentHashMap<>();
    AtomicInteger number = new AtomicInteger();
    boolean[] stop = {false};
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Store store = store(server.url(database));
      writers.add(
          Thread.ofPlatform()
              .start(() -> {
                while (!stop[0]) {
                  String entries = "entry " + number.incrementAndGet();
                  try {
                    if (store.append(store.head(), bytes(entries), Map.of())
                        instanceof Appended(long revision, _)) {
                      acknowledged.put(entries, revision);
                    }
                  } catch (StoreException e) {
                    if (e.reason() == Reason.UNCERTAIN) {
                      uncertain.put(entries, true);
                    }
                    pause(20);
                  }
                }
              }));
    }
    for (int i = 0; i < 4; i++) {
      int before = acknowledged.size();
      await(() -> acknowledged.size() > before + 20);
      if (i % 2 == 0) {
        server.kill();
      } else {
        server.stopImmediately();
      }
      server.start();
    }
    int before = acknowledged.size();
    await(() -> acknowledged.size() > before + 20);
    stop[0] = true;
    for (Thread writer : writers) {
      writer.join();
    }

    Store reader = store(server.url(database));
    List<Commit> log = reader.read(0, Integer.MAX_VALUE);
    Map<String, Long> there = new ConcurrentHashMap<>();
    for (Commit commit : log) {
      String entries = new String(commit.entries(), StandardCharsets.UTF_8);
      assertEquals(null, there.put(entries, commit.revision()), entries);
    }
    acknowledged.forEach((entries, revision) -> assertEquals(revision, there.get(entries)));
    there
        .keySet()
        .forEach(entries ->
            assertTrue(
                acknowledged.containsKey(entries) || uncertain.containsKey(entries), entries));
  }

  @Test
  void a_promoted_replica_is_found_and_has_everything() {
    TestPostgres replica = server.newReplica();
    open.add(replica);
    server.waitForReplicas(1);
    Store store =
        store(
            "postgres://%s@127.0.0.1:%d,127.0.0.1:%d/%s"
                .formatted(TestPostgres.ROLE, server.port(), replica.port(), database));
    append(store, 0);
    append(store, 1);
    server.kill();
    await(() -> !store.health().reachable());

    replica.promote();

    await(() -> store.health().reachable());
    assertEquals(2, store.read(0, 10).size());
    assertEquals(3, append(store, 2));
    assertEquals(0, rewound.get());
  }

  @Test
  void an_old_primary_that_comes_back_is_not_used() {
    TestPostgres replica = server.newReplica();
    open.add(replica);
    server.waitForReplicas(1);
    Store store =
        store(
            "postgres://%s@127.0.0.1:%d,127.0.0.1:%d/%s"
                .formatted(TestPostgres.ROLE, server.port(), replica.port(), database));
    append(store, 0);
    server.kill();
    replica.promote();
    await(() -> store.health().reachable());
    assertEquals(2, append(store, 1));

    server.start();
    replica.stop();
    await(() -> store.health().problem().contains("another one has taken over"));
    assertThrows(StoreException.class, () -> append(store, 2));
    server.stop();
    replica.start();

    await(() -> store.health().reachable());
    assertEquals(2, store.head());
    assertEquals(0, rewound.get());
  }

  @Test
  void a_replica_alone_is_refused() {
    TestPostgres replica = server.newReplica();
    open.add(replica);

    StoreException e = assertThrows(StoreException.class, () -> store(replica.url(database)));

    assertEquals(
        "UNUSABLE database %s on 127.0.0.1:%d is a replica, which cannot be written: name the primary in the URL"
            .formatted(database, replica.port()),
        e.reason() + " " + e.getMessage());
  }

  @Test
  void a_log_that_was_put_back_is_noticed_by_every_call() {
    for (String undo :
        List.of(
            "DELETE FROM log WHERE revision = 2",
            "UPDATE log SET append_id = gen_random_uuid() WHERE revision = 2")) {
      String own = server.newDatabase();
      Store store = store(server.url(own));
      append(store, 0);
      append(store, 1);
      int before = rewound.get();

      server.sql(own, undo);

      for (BooleanSupplier call :
          List.<BooleanSupplier>of(
              () -> store.read(2, 10).isEmpty(),
              () -> store.append(2, new byte[] {3}, Map.of()) == null,
              () -> store.head() == 0)) {
        assertEquals(
            Reason.REWOUND, assertThrows(StoreException.class, call::getAsBoolean).reason());
      }
      assertEquals(before + 1, rewound.get());
      assertFalse(store.health().reachable());
    }
  }

  @Test
  void an_append_does_not_go_upon_a_log_that_was_put_back() {
    Store store = store(server.url(database));
    append(store, 0);
    append(store, 1);
    server.sql(database, "UPDATE log SET append_id = gen_random_uuid() WHERE revision = 2");

    assertThrows(StoreException.class, () -> store.append(2, new byte[] {3}, Map.of()));

    assertEquals(List.of("2"), server.sql(database, "SELECT max(revision) FROM log"));
  }

  @Test
  void a_server_that_is_not_heard_of_leaves_the_list() {
    Store one = store(server.url(database));
    Store other = store(server.url(database));
    one.announce(announced("one"));
    other.announce(announced("other"));
    await(() -> one.servers().size() == 2);

    server.sql(
        database, "INSERT INTO server VALUES ('dead', 'a:1', '1', 0, 0, now() - interval '70 s')");

    assertEquals(2, one.servers().size());
    await(() -> server.sql(database, "SELECT id FROM server WHERE id = 'dead'").isEmpty());
    other.close();
    assertEquals(List.of("one"), one.servers().stream().map(Server::id).toList());
  }

  @Test
  void without_notifications_other_servers_are_heard_by_asking() {
    Settings settings =
        new Settings(DatabaseUrl.parse(server.url(database)), TestPostgres.PASSWORD, 50, false, 2);
    Store one = new PostgresStore(settings, rewound::incrementAndGet);
    open.add(one);
    Store other = new PostgresStore(settings, rewound::incrementAndGet);
    open.add(other);
    List<Long> heard = new CopyOnWriteArrayList<>();
    other.onHeadMoved(heard::add);

    append(one, 0);

    await(() -> heard.contains(1L));
    assertEquals(
        List.of(),
        server.sql(database, "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"));
  }

  @Test
  void an_import_that_holds_the_log_makes_others_try_again_later() {
    Store one = store(server.url(database));
    Store other = store(server.url(database));
    AtomicInteger asked = new AtomicInteger();
    Iterable<Store.PendingCommit> commits =
        () ->
            Stream.generate(
                    () -> {
                      if (asked.incrementAndGet() == 2) {
                        StoreException e =
                            assertThrows(StoreException.class, () -> append(other, 0));
                        assertEquals(Reason.UNAVAILABLE, e.reason());
                        assertTrue(
                            String.valueOf(e.getMessage()).contains("it is busy"), e::toString);
                      }
                      return new Store.PendingCommit(1, new byte[] {1}, Map.of());
                    })
                .limit(3)
                .iterator();

    assertEquals(new Appended(3, 1), one.appendAll(commits));
    assertEquals(3, other.head());
  }

  private Store store(String url) {
    Store store =
        new PostgresStore(Settings.of(url, TestPostgres.PASSWORD), rewound::incrementAndGet);
    open.add(store);
    return store;
  }

  private static Server announced(String id) {
    return new Server(id, "host:1", "1", 0, Instant.now(), Instant.EPOCH);
  }

  private static long append(Store store, long head) {
    return switch (store.append(head, new byte[] {1}, Map.of())) {
      case Appended(long revision, _) -> revision;
      case Store.AppendResult.HeadMoved moved -> throw new AssertionError(moved);
    };
  }

  private static void appendWhenPossible(Store store, long head) {
    await(() -> {
      try {
        append(store, head);
        return true;
      } catch (StoreException e) {
        return false;
      }
    });
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within a minute");
      pause(20);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
