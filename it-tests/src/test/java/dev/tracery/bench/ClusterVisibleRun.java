package dev.tracery.bench;

import dev.tracery.client.ChangeWatcher;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.negotiate.Needs;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.it.SampleKernel;
import dev.tracery.v1.DeclareConsumerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/// How long it takes until what one server wrote can be read from another one: from the moment
/// before the write is sent to the moment at which a watcher at the other server has it.
final class ClusterVisibleRun {

  private static final int WARMUP = 60;
  private static final int WRITES = 60;
  private static final int WRITES_POLLED = 25;
  private static final int POLL_MILLIS = 1_000;

  private ClusterVisibleRun() {}

  static Report run(Path folder) throws IOException, InterruptedException {
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    List<Row> rows = new ArrayList<>();
    List<Double> told = measure(folder, Map.of(), WARMUP, WRITES, 120);
    List<Double> polled =
        measure(
            folder,
            Map.of(
                "tracery.store.notifications",
                "false",
                "tracery.store.poll-millis",
                Integer.toString(POLL_MILLIS)),
            3,
            WRITES_POLLED,
            POLL_MILLIS);
    samples.put("with notifications, ms", told);
    samples.put("without, ms", polled);
    rows.add(Row.below(50, "with notifications, median", "ms", new Samples(told).median()));
    rows.add(Row.of("with notifications, 99 of 100", "ms", new Samples(told).percentile(99)));
    rows.add(Row.below(POLL_MILLIS, "without, median", "ms", new Samples(polled).median()));
    rows.add(Row.of("without, longest", "ms", new Samples(polled).percentile(100)));
    return new Report(
        "cluster-visible",
        "A write on one server, seen on another",
        List.of(
            "2 servers over one PostgreSQL with fsync; a declaration of a tool through one, a watch at the other.",
            "From before the write is sent to the change's arrival at the watcher: the write is in it.",
            "Writes come at random times; without notifications the database is asked every %,d ms."
                .formatted(POLL_MILLIS)),
        rows,
        samples);
  }

  private static List<Double> measure(
      Path folder, Map<String, String> settings, int warmup, int writes, int mostPauseMillis)
      throws IOException, InterruptedException {
    SampleKernel real = SampleKernel.read(SampleKernel.AMD64_6_1);
    Random random = new Random(1);
    Map<Long, Long> seen = new ConcurrentHashMap<>();
    List<Double> millis = new ArrayList<>();
    try (Cluster cluster = Cluster.start(folder, 2, settings);
        TraceryClient writer = cluster.client(0);
        TraceryClient reader = cluster.client(1)) {
      writer.register(KernelVariations.unvaried(real).registration(new VariedKernel.Hashes()));
      long begin = writer.status().getRevision();
      ClusterRegisterRun.awaitEverywhere(cluster, begin);
      try (ChangeWatcher watch = reader.watch(begin, _ -> {})) {
        Thread.ofPlatform().daemon().start(() -> follow(watch, seen));
        for (int i = 0; i < warmup + writes; i++) {
          Thread.sleep(random.nextInt(mostPauseMillis));
          long sent = System.nanoTime();
          long revision =
              writer
                  .declare(
                      DeclareConsumerRequest.newBuilder()
                          .setConsumer(
                              ConsumerWriter.write(
                                  Needs.of("tool-" + i, "1")
                                      .require("sched/sched_switch", "prev_pid")
                                      .toConsumer()))
                          .build())
                  .getRevision();
          Long arrived = seen.get(revision);
          while (arrived == null) {
            Thread.sleep(1);
            arrived = seen.get(revision);
          }
          if (i >= warmup) {
            millis.add((arrived - sent) / 1e6);
          }
        }
      }
    }
    return millis;
  }

  private static void follow(ChangeWatcher watch, Map<Long, Long> seen) {
    try {
      while (true) {
        long revision = watch.next().getRevision();
        seen.put(revision, System.nanoTime());
      }
    } catch (RuntimeException _) {
      // the watch was closed
    }
  }
}
