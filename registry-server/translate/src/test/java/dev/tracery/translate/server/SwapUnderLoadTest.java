package dev.tracery.translate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.registry.Registry.Kernel;
import dev.tracery.translate.BundleAbout;
import dev.tracery.translate.BundleWriter;
import dev.tracery.translation.TranslatorBundles.State;
import dev.tracery.v1.DecodePlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Bundles that come and go while several streams run.
@Timeout(240)
class SwapUnderLoadTest {

  private static final int STREAMS = 4;
  private static final int ROUNDS = 20;

  @TempDir Path home;

  @Test
  void no_event_is_lost_and_none_comes_twice_while_bundles_come_and_go() throws Exception {
    try (TestFramework test = new TestFramework(home)) {
      Kernel kernel = SampleKernels.register(test.registry, SampleKernels.BULLSEYE);
      Path trace = SampleKernels.traces(SampleKernels.BULLSEYE).getFirst();
      Collected expected = test.interpret(trace);
      List<DecodePlan> plans = KernelPlans.of(test.registry, kernel.id());
      byte[] one = bundle(plans, 0);
      byte[] two = bundle(plans, 1);
      AtomicBoolean stop = new AtomicBoolean();
      Set<String> used = ConcurrentHashMap.newKeySet();
      ExecutorService threads = Executors.newFixedThreadPool(STREAMS);
      List<Future<Integer>> streams = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        streams.add(
            threads.submit(() -> {
              int runs = 0;
              while (!stop.get() || runs == 0) {
                Collected got = test.translate(trace);
                assertEquals(expected.events.size(), got.events.size());
                assertTrue(expected.events.equals(got.events), "another event came");
                used.addAll(got.translators());
                runs++;
              }
              return runs;
            }));
      }
      for (int round = 0; round < ROUNDS; round++) {
        assertEquals(
            round % 3 == 0, test.server.install(one).replacedVersion().isEmpty(), "round " + round);
        Thread.sleep(40);
        test.server.install(two);
        Thread.sleep(40);
        if (round % 3 == 2) {
          test.server.remove("tracery.translator.swapped");
          Thread.sleep(40);
        }
      }
      stop.set(true);
      int runs = 0;
      for (Future<Integer> stream : streams) {
        runs += stream.get(120, TimeUnit.SECONDS);
      }
      threads.shutdown();
      System.out.printf("%d streams of %d events, by %s%n", runs, expected.events.size(), used);
      assertTrue(
          used.stream().anyMatch(name -> name.startsWith("tracery.translator.swapped")),
          () -> "the bundle was never used: " + used);
      assertTrue(test.server.list().stream().allMatch(b -> b.state() == State.ACTIVE));
      // All old ones are gone from the framework once nobody holds them.
      TestFramework.eventually(() ->
          Arrays.stream(test.framework.getBundleContext().getBundles())
                  .filter(bundle -> bundle.getLocation().startsWith("tracery:installed/"))
                  .count()
              == 1);
    }
  }

  /// A bundle of somebody else: of a kernel that is not registered.
  private static byte[] bundle(List<DecodePlan> plans, int without) throws IOException {
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    new BundleWriter()
        .write(
            new BundleAbout("swapped", "none", "none", ""),
            plans.subList(without, plans.size()),
            jar);
    return jar.toByteArray();
  }
}
