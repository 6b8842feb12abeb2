package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.Registry.RegistrationResult;
import dev.tracery.store.MemoryStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Many threads, and two registries over one store as two processes would be.
class ManyWritersTest {

  private static final int WRITERS = 8;
  private static final int KERNELS = 12;

  @Test
  void many_threads_over_two_registries_lose_nothing_and_agree() throws Exception {
    MemoryStore.Disk disk = new MemoryStore.Disk();
    MemoryStore store = new MemoryStore(disk);
    LogRegistry left = new LogRegistry(store, RegistryLimits.DEFAULT, "test");
    LogRegistry right = new LogRegistry(store, RegistryLimits.DEFAULT, "test");
    List<Future<List<RegistrationResult>>> futures = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 2)) {
      for (int w = 0; w < WRITERS; w++) {
        LogRegistry mine = w % 2 == 0 ? left : right;
        int writer = w;
        futures.add(threads.submit(writer(mine, writer)));
      }
      threads.submit(reader(left)).get(1, TimeUnit.MINUTES);
      threads.submit(reader(right)).get(1, TimeUnit.MINUTES);
    }
    Set<String> ids = new HashSet<>();
    Set<Long> revisions = new HashSet<>();
    for (Future<List<RegistrationResult>> future : futures) {
      for (RegistrationResult result : future.get()) {
        ids.add(result.kernel().id());
        revisions.add(result.kernel().revision());
      }
    }
    assertEquals(WRITERS * KERNELS, ids.size());
    assertEquals(WRITERS * KERNELS, revisions.size());
    assertEquals(WRITERS * KERNELS, store.head());
    await(left, store.head());
    await(right, store.head());
    LogRegistry replayed = new LogRegistry(new MemoryStore(disk), RegistryLimits.DEFAULT, "test");
    assertEquals(Answers.at(replayed, 0), Answers.at(left, 0));
    assertEquals(Answers.at(replayed, 0), Answers.at(right, 0));
  }

  private static Callable<List<RegistrationResult>> writer(LogRegistry registry, int writer) {
    return () -> {
      List<RegistrationResult> results = new ArrayList<>();
      for (int k = 0; k < KERNELS; k++) {
        results.add(
            TestKernel.of(
                    "w" + writer + "k" + k,
                    "a/shared: " + (k % 2 == 0 ? "int" : "u64") + " x" + k % 3,
                    "w" + writer + "/own: int f" + k)
                .registerIn(registry, "line"));
      }
      return results;
    };
  }

  /// Reads while others write: a revision that was seen is whole, and never changes.
  private static Callable<Boolean> reader(LogRegistry registry) {
    return () -> {
      for (int i = 0; i < 200; i++) {
        long head = registry.head();
        if (head > 0) {
          List<Kernel> kernels = registry.kernels("", 0, 1_000, head);
          assertEquals(head, kernels.size());
          Kernel last = kernels.getLast();
          assertEquals(2, registry.events(last.id(), "", null, 10, head).size());
          assertEquals(head, registry.changes(0, 1_000).get((int) head - 1).revision());
        }
        Thread.onSpinWait();
      }
      return true;
    };
  }

  private static void await(LogRegistry registry, long head) throws Exception {
    CountDownLatch there = new CountDownLatch(1);
    try (AutoCloseable _ =
        registry.onHeadMoved(moved -> {
          if (moved == head) {
            there.countDown();
          }
        })) {
      assertTrue(registry.head() == head || there.await(30, TimeUnit.SECONDS), "caught up");
    }
  }
}
