package dev.tracery.bench;

import dev.tracery.client.TraceryClient;
import dev.tracery.it.SampleKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Siblings that are registered through three servers at once, beside what the database makes of
/// the same statement without any registry.
final class ClusterRegisterRun {

  private static final int SERVERS = 3;
  private static final int CLIENTS_OF_EACH = 3;
  private static final int ROUNDS = 5;
  private static final int SECONDS = 4;
  // Why so long: each of three servers compiles what it runs, on two cores that also serve.
  private static final int WARMUP_SECONDS = 170;
  // For 400 registrations a second.
  private static final int BUILDS = 400 * (WARMUP_SECONDS + ROUNDS * SECONDS);

  private ClusterRegisterRun() {}

  static Report run(Path folder) throws IOException, InterruptedException {
    SampleKernel real = SampleKernel.read(SampleKernel.AMD64_6_1);
    Siblings siblings = new Siblings(real, BUILDS, 1);
    List<Double> rates = new ArrayList<>();
    List<Double> alone = new ArrayList<>();
    List<Double> several = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    List<Double> databaseCpu = new ArrayList<>();
    List<Double> loadCpu = new ArrayList<>();
    List<Double> millis = new ArrayList<>();
    int bytes;
    try (Cluster cluster = Cluster.start(folder, SERVERS, Map.of());
        TraceryClient client = cluster.client(0)) {
      client.register(KernelVariations.unvaried(real).registration(new VariedKernel.Hashes()));
      awaitEverywhere(cluster, client.status().getRevision());
      try (RegistrationLoad load =
          new RegistrationLoad(cluster.addresses(), CLIENTS_OF_EACH, siblings)) {
        load.run(WARMUP_SECONDS);
        PgBench pgbench =
            new PgBench(cluster.postgres(), cluster.database().name(), cluster.database().folder());
        bytes = pgbench.bytes();
        for (int round = 0; round < ROUNDS; round++) {
          double serversBefore = cluster.serversCpu();
          double databaseBefore = cluster.databaseCpu();
          double loadBefore = ownCpu();
          RegistrationLoad.Result result = load.run(SECONDS);
          rates.add(result.rate());
          millis.add(result.millis().median());
          cpu.add((cluster.serversCpu() - serversBefore) / 1e3 / result.count());
          databaseCpu.add((cluster.databaseCpu() - databaseBefore) / 1e3 / result.count());
          loadCpu.add((ownCpu() - loadBefore) / 1e3 / result.count());
          alone.add(pgbench.run(1, SECONDS));
          several.add(pgbench.run(SERVERS, SECONDS));
        }
      }
    }
    double rate = new Samples(rates).median();
    return new Report(
        "cluster-register",
        "Register siblings through three servers over one PostgreSQL",
        List.of(
            "%s, %,d events; siblings have another build string, other ids and up to two modules fewer; each is judged in its series."
                .formatted(real.id(), real.formats().size()),
            "%d servers, %d clients of each, each on a connection of its own; PostgreSQL with fsync and its defaults; all on this machine."
                .formatted(SERVERS, CLIENTS_OF_EACH),
            "pgbench: the store's own statement from the store's code, prepared, commits of %,d bytes as the registry packs them, on a log of its own; what was appended is counted."
                .formatted(bytes),
            "Warmed up for %d s, after which the servers' compilers are idle."
                .formatted(WARMUP_SECONDS),
            "%d rounds of %d s for each, alternating; figures are medians of the rounds, ratios medians of the rounds' ratios."
                .formatted(ROUNDS, SECONDS)),
        List.of(
            new Row(
                "registrations, all servers",
                "a second",
                rate,
                null,
                new Row.Target("at least 200 a second", rate >= 200)),
            beside("registrations beside pgbench with one client", rates, alone),
            beside("registrations beside pgbench with three clients on one log", rates, several),
            Row.of(
                "one registration, with the question before it",
                "ms",
                new Samples(millis).median()),
            Row.of("servers' CPU a registration", "ms", new Samples(cpu).median()),
            Row.of("database's CPU a registration", "ms", new Samples(databaseCpu).median()),
            Row.of("load's CPU a registration", "ms", new Samples(loadCpu).median())),
        Map.of(
            "registrations a second", rates,
            "pgbench, one client, appends a second", alone,
            "pgbench, three clients, appends a second", several,
            "servers' CPU, ms", cpu,
            "database's CPU, ms", databaseCpu,
            "load's CPU, ms", loadCpu));
  }

  /// Waits until all servers have what one wrote.
  static void awaitEverywhere(Cluster cluster, long revision) throws InterruptedException {
    for (int i = 0; i < cluster.servers().size(); i++) {
      try (TraceryClient client = cluster.client(i)) {
        while (client.status().getRevision() < revision) {
          Thread.sleep(20);
        }
      }
    }
  }

  private static Row beside(String what, List<Double> ours, List<Double> theirs) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ours.get(i) / theirs.get(i));
    }
    double ratio = new Samples(ratios).median();
    return new Row(
        what,
        "a second",
        new Samples(ours).median(),
        new Row.Peer("pgbench", new Samples(theirs).median(), ratio),
        new Row.Target("at least 0.50 of it", ratio >= 0.5));
  }

  private static double ownCpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e3;
  }
}
