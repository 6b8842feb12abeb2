package dev.tracery.registry.core;

import static dev.tracery.registry.core.TestConsumers.byName;
import static dev.tracery.registry.core.TestConsumers.need;
import static dev.tracery.registry.core.TestConsumers.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.consumer.Consumer;
import dev.tracery.registry.Consumers;
import dev.tracery.registry.Consumers.Claim;
import dev.tracery.registry.Consumers.Observations;
import dev.tracery.registry.Consumers.Origin;
import dev.tracery.registry.Consumers.State;
import dev.tracery.store.MemoryStore;
import dev.tracery.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ObservedClaimsTest {

  private static final Duration LAPSE = Duration.ofDays(90);
  private static final ClaimSettings SOON =
      new ClaimSettings(LAPSE, Duration.ofMillis(1), 20_000, 64 << 20);

  private final SettableClock clock = new SettableClock();
  private final MemoryStore.Disk disk = new MemoryStore.Disk();

  private LogRegistry open(ClaimSettings settings) {
    return new LogRegistry(
        new MemoryStore(disk, clock), RegistryLimits.DEFAULT, settings, clock, "test");
  }

  @Test
  void aToolThatIsSeenIsAClaimThatLapses() {
    Consumer tool = byName("t", "1", "a/b", "x");
    Instant start = clock.instant();
    try (LogRegistry registry = open(SOON)) {
      Consumers consumers = registry.consumers();
      consumers.observe(tool);
      await(() -> registry.head() == 1);
      assertEquals(
          new Claim(
              tool,
              Origin.OBSERVED,
              State.LIVE,
              start,
              Optional.of(start),
              Optional.of(start.plus(LAPSE).plus(LAPSE)),
              1,
              ""),
          consumers.consumer("t", "1", 0));
      clock.advance(LAPSE.multipliedBy(2).minusMillis(1));
      assertEquals(State.LIVE, consumers.consumer("t", "1", 0).state());
      clock.advance(Duration.ofMillis(1));
      assertEquals(State.LAPSED, consumers.consumer("t", "1", 0).state());
      assertEquals(List.of(), consumers.list("", false, 0, 10, 0));
      consumers.observe(tool);
      await(() -> registry.head() == 2);
      assertEquals(State.LIVE, consumers.consumer("t", "1", 0).state());
      assertEquals(start, consumers.consumer("t", "1", 0).created());
    }
  }

  @Test
  void aVersionIsWrittenOnceInALapseTime() {
    Consumer tool = byName("t", "1", "a/b", "x");
    try (LogRegistry registry = open(SOON)) {
      Consumers consumers = registry.consumers();
      for (int period = 1; period <= 3; period++) {
        for (int i = 0; i < 1_000; i++) {
          consumers.observe(tool);
          clock.advance(Duration.ofSeconds(1));
        }
        int revision = period;
        await(() -> registry.head() == revision);
        await(() -> consumers.observations().written() == revision);
        clock.advance(LAPSE);
      }
      assertEquals(new Observations(3_000, 2_997, 0, 3, 0, 1), consumers.observations());
    }
    try (LogRegistry registry = open(SOON)) {
      clock.advance(LAPSE.dividedBy(2).negated());
      registry.consumers().observe(tool);
      assertEquals(new Observations(1, 1, 0, 0, 0, 1), registry.consumers().observations());
    }
  }

  @Test
  void whenItWasLastSeenIsKnownThoughItIsNotWritten() {
    Consumer tool = byName("t", "1", "a/b", "x");
    try (LogRegistry registry = open(SOON)) {
      registry.consumers().observe(tool);
      await(() -> registry.head() == 1);
      clock.advance(Duration.ofDays(1));
      registry.consumers().observe(tool);
      assertEquals(
          Optional.of(clock.instant()), registry.consumers().consumer("t", "1", 0).lastSeen());
      assertEquals(
          Optional.of(clock.instant().minus(Duration.ofDays(1))),
          registry.consumers().consumer("t", "1", 1).lastSeen());
      assertEquals(1, registry.head());
    }
  }

  @Test
  void needsThatComeTogetherAreWrittenAsOne() {
    ClaimSettings late = new ClaimSettings(LAPSE, Duration.ofSeconds(30), 100, 1 << 20);
    try (LogRegistry registry = open(late)) {
      registry.consumers().observe(byName("perf", "6", "a/b", "x"));
      registry.consumers().observe(byName("perf", "6", "c/d"));
      registry.consumers().observe(byName("perf", "6", "a/b", "x"));
    }
    try (LogRegistry registry = open(late)) {
      assertEquals(1, registry.head());
      assertEquals(
          tool("perf", "6", need("a/b", "x") + need("c/d")),
          registry.consumers().consumer("perf", "6", 0).consumer());
    }
  }

  @Test
  void aNewNeedCountsAtOnceAndIsWrittenInTheNextLapseTime() {
    try (LogRegistry registry = open(SOON)) {
      registry.consumers().observe(byName("perf", "6", "a/b", "x"));
      await(() -> registry.head() == 1);
      registry.consumers().observe(byName("perf", "6", "c/d"));
      assertEquals(1, registry.head());
      Consumer both = tool("perf", "6", need("a/b", "x") + need("c/d"));
      assertEquals(List.of(both), inForce(registry));
      clock.advance(LAPSE);
      registry.consumers().observe(byName("perf", "6", "c/d"));
      await(() -> registry.head() == 2);
      assertEquals(both, registry.consumers().consumer("perf", "6", 0).consumer());
    }
  }

  @Test
  void aToolThatWaitsToBeWrittenCountsAtOnce() {
    ClaimSettings late = new ClaimSettings(LAPSE, Duration.ofSeconds(30), 100, 1 << 20);
    try (LogRegistry registry = open(late)) {
      registry.consumers().observe(byName("t", "1", "a/b"));
      assertEquals(0, registry.head());
      assertEquals(List.of(byName("t", "1", "a/b")), inForce(registry));
    }
  }

  @Test
  void theClaimsInForceAreTheSameListWhileNothingChanges() {
    try (LogRegistry registry = open(SOON)) {
      Consumer tool = byName("t", "1", "a/b");
      registry.consumers().observe(tool);
      await(() -> registry.head() == 1 && registry.consumers().observations().waiting() == 0);
      ClaimsInForce inForce = registry.claimsInForce();
      List<Claim> before = inForce.at(registry.index(), 1, clock.instant());
      clock.advance(Duration.ofDays(1));
      registry.consumers().observe(tool);
      assertTrue(before == inForce.at(registry.index(), 1, clock.instant()));
      clock.advance(LAPSE.multipliedBy(2));
      assertEquals(List.of(), inForce.at(registry.index(), 1, clock.instant()));
    }
  }

  @Test
  void awithdrawnToolComesBackInTheNextLapseTime() {
    Consumer tool = byName("t", "1", "a/b");
    try (LogRegistry registry = open(SOON)) {
      registry.consumers().observe(tool);
      await(() -> registry.head() == 1);
      registry.consumers().withdraw("t", "", "nobody cares");
      registry.consumers().observe(tool);
      assertEquals(State.WITHDRAWN, registry.consumers().consumer("t", "1", 0).state());
      assertEquals(List.of(), inForce(registry));
      clock.advance(LAPSE);
      registry.consumers().observe(tool);
      await(() -> registry.head() == 3);
      assertEquals(List.of(tool), inForce(registry));
    }
  }

  @Test
  void whatAnotherServerWroteIsNotWrittenAgain() {
    Consumer tool = byName("t", "1", "a/b");
    MemoryStore shared = new MemoryStore(disk, clock);
    ClaimSettings late = new ClaimSettings(LAPSE, Duration.ofMillis(200), 100, 1 << 20);
    try (LogRegistry one = new LogRegistry(shared, RegistryLimits.DEFAULT, late, clock, "test");
        LogRegistry two = new LogRegistry(shared, RegistryLimits.DEFAULT, late, clock, "test")) {
      one.consumers().observe(tool);
      two.consumers().observe(tool);
      await(() -> one.consumers().observations().waiting() == 0);
      await(() -> two.consumers().observations().waiting() == 0);
      await(() -> shared.head() == 1);
    }
    assertEquals(1, shared.head());
  }

  @Test
  void tenThousandVersionsAreWrittenInAFewCommits() {
    List<Consumer> tools = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      tools.add(byName("tool" + i % 100, "v" + i, "sched/sched_switch", "prev_pid", "next_pid"));
    }
    ClaimSettings settings = new ClaimSettings(LAPSE, Duration.ofMillis(300), 20_000, 64 << 20);
    try (LogRegistry registry = open(settings)) {
      for (int round = 0; round < 100; round++) {
        for (Consumer tool : tools) {
          registry.consumers().observe(tool);
        }
      }
      await(() -> registry.consumers().observations().written() == 10_000);
      await(() -> registry.consumers().observations().waiting() == 0);
      assertTrue(registry.head() <= 12, () -> registry.head() + " commits");
      assertEquals(10_000, registry.status().consumerVersions());
      assertEquals(
          new Observations(1_000_000, 990_000, 0, 10_000, 0, 10_000),
          registry.consumers().observations());
    }
  }

  @Test
  void aFullRegistryDropsAndCounts() {
    ClaimSettings two = new ClaimSettings(LAPSE, Duration.ofMillis(1), 2, 1 << 20);
    try (LogRegistry registry = open(two)) {
      for (int i = 0; i < 5; i++) {
        registry.consumers().observe(byName("t", "v" + i, "a/b"));
      }
      await(() -> registry.consumers().observations().written() == 2);
      assertEquals(3, registry.consumers().observations().dropped());
    }
  }

  @Test
  void aToolThatNeedsTooMuchIsDropped() {
    StringBuilder needs = new StringBuilder();
    for (int i = 0; i < 900; i++) {
      needs.append(need("a/" + "b".repeat(200) + i));
    }
    try (LogRegistry registry = open(SOON)) {
      registry.consumers().observe(tool("t", "1", needs.toString()));
      assertEquals(new Observations(1, 0, 1, 0, 0, 0), registry.consumers().observations());
    }
  }

  @Test
  void aStoreThatFailsIsTriedAgainAndNobodyWaits() {
    FlakyStore store = new FlakyStore();
    store.failure = StoreException.Reason.UNAVAILABLE;
    try (LogRegistry registry =
        new LogRegistry(store, RegistryLimits.DEFAULT, SOON, clock, "test")) {
      registry.consumers().observe(byName("t", "1", "a/b"));
      registry.consumers().observe(byName("t", "2", "a/b"));
      assertEquals(2, registry.consumers().observations().observed());
      store.failure = null;
      await(() -> registry.consumers().observations().written() == 2);
    }
  }

  private List<Consumer> inForce(LogRegistry registry) {
    return registry.claimsInForce().at(registry.index(), registry.head(), clock.instant()).stream()
        .map(Claim::consumer)
        .toList();
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
