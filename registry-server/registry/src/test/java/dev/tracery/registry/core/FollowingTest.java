package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.UnknownFieldSet;
import dev.tracery.registry.Registry.Freshness;
import dev.tracery.registry.Registry.ServerStatus;
import dev.tracery.registry.Registry.Status;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.store.MemoryStore;
import dev.tracery.store.Store.Health;
import dev.tracery.store.StoreException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// A server over a log that others write to, too, and that can be away. Stores of one disk do not
/// tell each other of their commits, like a database without notifications.
class FollowingTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Health AWAY =
      new Health(false, Duration.ofSeconds(7), "the database is gone: start it");

  private final MemoryStore.Disk disk = new MemoryStore.Disk();
  private final FlakyStore store = new FlakyStore(disk);
  private final LogRegistry other = open(new MemoryStore(disk));

  @Test
  void who_waits_for_a_revision_looks_into_the_store() throws Exception {
    try (LogRegistry registry = open(store)) {
      kernel("1").registerIn(other, "");
      assertEquals(0, registry.head());

      assertTrue(registry.await(1, LONG));

      assertEquals(1, registry.head());
      assertEquals(other.stateHash(), registry.stateHash());
    }
  }

  @Test
  void a_translator_that_was_installed_elsewhere_is_told_of_and_there_with_its_jar()
      throws Exception {
    try (LogRegistry registry = open(store)) {
      List<Long> told = new CopyOnWriteArrayList<>();
      try (AutoCloseable _ = registry.onHeadMoved(told::add)) {
        byte[] jar = {1, 2, 3};
        var installed = other.translators().install("a", "1.0", jar);

        store.tell(1);

        eventually(() -> told.contains(1L));
        assertEquals(List.of(installed), registry.translators().installed(0));
        assertArrayEquals(jar, registry.translators().jar(installed.jar()));
      }
    }
  }

  @Test
  void a_revision_that_never_comes_is_not_waited_for_longer_than_asked() throws Exception {
    try (LogRegistry registry = open(store)) {
      assertFalse(registry.await(1, Duration.ofMillis(50)));
      assertTrue(registry.await(0, Duration.ZERO));
    }
  }

  @Test
  void while_the_store_is_away_what_is_here_is_answered_and_nothing_is_written() throws Exception {
    try (LogRegistry registry = open(store)) {
      kernel("1").registerIn(registry, "");
      kernel("2").registerIn(other, "");
      long size = registry.status().storeBytes();
      store.health = AWAY;
      store.failure = Reason.UNAVAILABLE;
      store.readFailure = Reason.UNAVAILABLE;

      assertTrue(registry.await(1, Duration.ZERO));
      assertEquals(Code.UNAVAILABLE, codeOf(() -> registry.await(2, LONG)));
      assertEquals(
          Code.UNAVAILABLE,
          codeOf(() -> registry.register(kernel("3").identity(), Optional.empty())));
      assertEquals(1, registry.kernels("", 0, 9, 0).size());
      Status status = registry.status();
      assertEquals(size, status.storeBytes());
      assertFalse(status.freshness().storeReachable());
      assertEquals(AWAY.problem(), status.freshness().problem());

      store.health = Health.HERE;
      store.failure = null;
      store.readFailure = null;
      assertTrue(registry.await(2, LONG));
      kernel("3").registerIn(registry, "");
      assertEquals(new Freshness(true, Duration.ZERO, ""), registry.freshness());
    }
  }

  @Test
  void a_read_that_fails_is_made_up_for_without_anybody_asking() throws Exception {
    MemoryStore telling = new MemoryStore(disk);
    FlakyStore following = new FlakyStore(disk);
    try (LogRegistry registry = open(following);
        var _ = telling.onHeadMoved(following::tell)) {
      following.readFailure = Reason.UNAVAILABLE;
      kernel("1").registerIn(open(telling), "");
      eventually(() -> !registry.freshness().problem().isEmpty());
      assertEquals(0, registry.head());

      following.readFailure = null;

      eventually(() -> registry.head() == 1 && registry.freshness().problem().isEmpty());
    }
  }

  @Test
  void a_memory_that_lacks_what_the_store_has_heard_of_gets_older() throws Exception {
    try (LogRegistry registry = open(store)) {
      store.readFailure = Reason.UNAVAILABLE;
      kernel("1").registerIn(other, "");
      assertEquals(Duration.ZERO, registry.freshness().age());
      store.tell(1);

      Duration before = registry.freshness().age();
      Thread.sleep(5);
      Duration after = registry.freshness().age();

      assertTrue(after.compareTo(before.plusMillis(5)) >= 0, before + ", then " + after);
      store.readFailure = null;
      assertTrue(registry.await(1, LONG));
      assertEquals(Duration.ZERO, registry.freshness().age());
    }
  }

  @Test
  void a_memory_is_as_old_as_what_the_store_knows() {
    try (LogRegistry registry = open(store)) {
      store.health = new Health(true, Duration.ofMillis(0), "");
      assertEquals(Duration.ZERO, registry.freshness().age());
      store.health = AWAY;
      Duration age = registry.freshness().age();
      assertTrue(age.compareTo(AWAY.age()) <= 0, age.toString());
    }
  }

  @Test
  void what_a_newer_version_wrote_ends_the_following_and_the_writing_but_no_answers()
      throws Exception {
    try (LogRegistry registry = open(store)) {
      kernel("1").registerIn(registry, "");
      appendNewer(1);
      store.tell(2);

      eventually(() -> !registry.freshness().storeReachable());

      String problem = registry.freshness().problem();
      assertEquals(
          "this server no longer follows the log, after revision 1: revision 2 of the log was written"
              + " by a newer version of this program: it has an entry of a kind that this version"
              + " does not know; update this server",
          problem);
      assertEquals(1, registry.head());
      assertEquals(1, registry.kernels("", 0, 9, 0).size());
      RegistryException refused =
          assertThrows(RegistryException.class, () -> kernel("2").registerIn(registry, ""));
      assertEquals(Code.UNAVAILABLE, refused.code());
      assertTrue(String.valueOf(refused.getMessage()).contains(problem), refused.getMessage());
      assertEquals(Code.UNAVAILABLE, codeOf(() -> registry.await(2, LONG)));
      Thread.sleep(2);
      assertTrue(registry.freshness().age().compareTo(Duration.ZERO) > 0);
    }
  }

  @Test
  void a_server_does_not_start_over_what_a_newer_version_wrote() {
    kernel("1").registerIn(other, "");
    appendNewer(1);

    RegistryException refused = assertThrows(RegistryException.class, () -> open(store));

    assertEquals(Code.FAILED_PRECONDITION, refused.code());
    assertTrue(
        String.valueOf(refused.getMessage()).endsWith("; update this server"),
        refused.getMessage());
  }

  @Test
  void a_write_of_which_nobody_knows_is_found_before_the_next() {
    try (LogRegistry registry = open(store)) {
      store.failure = Reason.UNCERTAIN;
      store.failsAfterwards = true;
      assertEquals(Code.UNCERTAIN, codeOf(() -> kernel("1").registerIn(registry, "")));
      store.failure = null;
      store.failsAfterwards = false;

      assertFalse(kernel("1").registerIn(registry, "").created());
      assertTrue(kernel("2").registerIn(registry, "").created());
      assertEquals(2, registry.head());
    }
  }

  @Test
  void a_log_that_was_wound_back_is_not_followed_any_more() {
    try (LogRegistry registry = open(store)) {
      kernel("1").registerIn(registry, "");
      store.readFailure = Reason.REWOUND;
      assertEquals(Code.UNAVAILABLE, codeOf(() -> registry.await(2, LONG)));
      store.readFailure = null;

      assertEquals(Code.UNAVAILABLE, codeOf(() -> kernel("2").registerIn(registry, "")));
      assertEquals(1, registry.head());
    }
  }

  @Test
  void who_writes_to_a_log_that_was_wound_back_may_try_again() {
    try (LogRegistry registry = open(store)) {
      store.failure = Reason.REWOUND;
      assertEquals(Code.UNAVAILABLE, codeOf(() -> kernel("1").registerIn(registry, "")));
    }
  }

  @Test
  void servers_hear_of_each_other_and_of_how_far_they_are() throws Exception {
    LogRegistry registry = open(store);
    registry.announce("here:1");
    other.announce("there:2");
    kernel("1").registerIn(other, "");
    kernel("2").registerIn(other, "");

    // Why eventually: the other tells of its revision when it has time.
    eventually(
        () -> servers(registry).equals(List.of("here:1 0 lags 2, itself", "there:2 2 lags 0")));
    assertTrue(registry.await(2, LONG));
    assertEquals(List.of("here:1 2 lags 0, itself", "there:2 2 lags 0"), servers(registry));
    registry.close();
  }

  private static List<String> servers(LogRegistry registry) {
    return registry.status().servers().stream().map(FollowingTest::text).toList();
  }

  private static String text(ServerStatus server) {
    return server.address()
        + " "
        + server.revision()
        + " lags "
        + server.lag()
        + (server.self() ? ", itself" : "");
  }

  private void appendNewer(long head) {
    byte[] entries =
        Commit.newBuilder()
            .addEntries(
                Entry.newBuilder()
                    .setUnknownFields(
                        UnknownFieldSet.newBuilder()
                            .addField(
                                9_999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                            .build()))
            .build()
            .toByteArray();
    try (MemoryStore newer = new MemoryStore(disk)) {
      newer.append(head, entries, Map.of());
    }
  }

  private static TestKernel kernel(String release) {
    return TestKernel.of(release, "a/b: int x", "c/d: u64 y" + release);
  }

  private static Code codeOf(Callable<?> call) {
    return assertThrows(RegistryException.class, call::call).code();
  }

  private static void eventually(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, "not within " + LONG);
      Thread.sleep(10);
    }
  }

  private static LogRegistry open(dev.tracery.store.Store store) {
    return new LogRegistry(store, RegistryLimits.DEFAULT, "test");
  }
}
