package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.consumer.Consumer;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.Consumers.Observations;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.registry.Negotiation.SeenEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A fleet that starts while the store takes nothing. Were an answer to wait for the store, these
/// tests would never end: the store waits for the test.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class OverloadTest {

  private static final TestKernel KERNEL = TestKernel.of("6.1", "a/one: int x; u64 y");
  private static final int FLEET = 30_000;
  private static final int QUEUE = 20_000;
  private static final ClaimSettings SOON =
      new ClaimSettings(Duration.ofDays(90), Duration.ofMillis(1), 50_000, 64 << 20);

  private final FlakyStore store = new FlakyStore();
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @Test
  void while_the_store_takes_nothing_tools_are_answered_and_what_cannot_wait_is_dropped()
      throws InterruptedException {
    try (LogRegistry registry =
        new LogRegistry(store, RegistryLimits.DEFAULT, SOON, InstantSource.system(), "test")) {
      KERNEL.registerIn(registry, "");
      store.beforeAppend = this::block;
      start(registry, 0);
      assertTrue(blocked.await(20, TimeUnit.SECONDS));
      long revision = registry.head();

      long slowest = 0;
      for (int version = 1; version < FLEET; version++) {
        long begin = System.nanoTime();
        start(registry, version);
        slowest = Math.max(slowest, System.nanoTime() - begin);
      }
      assertTrue(slowest < TimeUnit.SECONDS.toNanos(2), slowest + " ns");

      // One is being written, the queue is full, and the rest is gone.
      assertEquals(
          new Observations(FLEET, 0, FLEET - QUEUE - 1, 0, QUEUE + 1, FLEET),
          registry.status().observations());
      assertEquals(revision, registry.head());

      released.countDown();
      await(() -> registry.status().observations().written() == QUEUE + 1);
      await(() -> registry.status().observations().waiting() == 0);
      assertEquals(
          new Observations(FLEET, 0, FLEET - QUEUE - 1, QUEUE + 1, 0, FLEET),
          registry.status().observations());
      assertEquals(QUEUE + 1, registry.status().consumerVersions());
      assertTrue(registry.head() < revision + 100, () -> registry.head() + " commits");

      // What was dropped becomes a claim when it is seen again.
      start(registry, FLEET - 1);
      await(() -> registry.status().consumerVersions() == QUEUE + 2);
    }
  }

  @Test
  void reading_goes_on_and_writing_waits() throws InterruptedException {
    try (LogRegistry registry =
        new LogRegistry(store, RegistryLimits.DEFAULT, SOON, InstantSource.system(), "test")) {
      KERNEL.registerIn(registry, "debian");
      store.beforeAppend = this::block;
      start(registry, 0);
      assertTrue(blocked.await(20, TimeUnit.SECONDS));

      assertEquals(1, registry.kernels("debian", 0, 10, 0).size());
      assertEquals(1, registry.events("6.1", "", null, 10, 0).size());
      assertEquals(
          RunOutcome.ACCEPTED, registry.compatibility().canRunOn(tool(1), "6.1", 0).outcome());
      CountDownLatch written = new CountDownLatch(1);
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                KERNEL.withRelease("6.2").registerIn(registry, "debian");
                written.countDown();
              });
      assertEquals(false, written.await(50, TimeUnit.MILLISECONDS));
      released.countDown();
      writer.join();
      assertEquals(2, registry.kernels("debian", 0, 10, 0).size());
    }
  }

  private void block() {
    blocked.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void start(LogRegistry registry, int version) {
    var answer =
        registry
            .negotiation()
            .negotiate(
                new Question(
                    tool(version),
                    KERNEL.identity(),
                    KERNEL.events().stream()
                        .map(event ->
                            new SeenEvent(
                                event.name(),
                                event.id(),
                                event.hash(KERNEL.identity().target()),
                                null))
                        .toList(),
                    false));
    assertEquals(RunOutcome.ACCEPTED, answer.outcome());
  }

  private static Consumer tool(int version) {
    return TestConsumers.byName("tool", "v" + version, "a/one", "x");
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(2);
    }
  }
}
