package dev.tracery.bench;

import dev.tracery.client.TraceryClient;
import dev.tracery.it.SampleKernel;
import dev.tracery.it.ServerProcess;
import dev.tracery.v1.NegotiationServiceGrpc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;

/// Negotiations with three servers, beside one of them with as many connections and as many calls
/// in flight.
final class ClusterNegotiateRun {

  private static final int SERVERS = 3;
  private static final int IN_FLIGHT_OF_EACH = 16;
  private static final int ROUNDS = 7;
  private static final double SECONDS = 3;
  private static final double WARMUP_SECONDS = 10;

  /// Of all servers together.
  private record Figures(double rate, double p50, double p99, double cpu) {}

  private ClusterNegotiateRun() {}

  static Report run(Path folder) throws IOException, InterruptedException, ExecutionException {
    SampleKernel real = SampleKernel.read(SampleKernel.AMD64_6_1);
    List<byte[]> requests = NegotiateRun.requests("tool");
    List<Figures> one = new ArrayList<>();
    List<Figures> three = new ArrayList<>();
    try (Cluster cluster = Cluster.start(folder, SERVERS, Map.of());
        TraceryClient client = cluster.client(0);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      client.register(KernelVariations.unvaried(real).registration(new VariedKernel.Hashes()));
      ClusterRegisterRun.awaitEverywhere(cluster, client.status().getRevision());
      List<Load> all = new ArrayList<>();
      List<Load> first = new ArrayList<>();
      try {
        for (ServerProcess server : cluster.servers()) {
          all.add(load(server, requests));
          first.add(load(cluster.servers().getFirst(), requests));
        }
        run(cluster, threads, all, WARMUP_SECONDS * SERVERS);
        run(cluster, threads, first, WARMUP_SECONDS);
        for (int round = 0; round < ROUNDS; round++) {
          one.add(run(cluster, threads, first, SECONDS));
          three.add(run(cluster, threads, all, SECONDS));
        }
      } finally {
        all.forEach(Load::close);
        first.forEach(Load::close);
      }
    }
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    Row rate = row("negotiations", "a second", three, one, Figures::rate, samples);
    Row.Peer peer = Objects.requireNonNull(rate.peer());
    return new Report(
        "cluster-negotiate",
        "Negotiate with three servers, beside one of them with the same load",
        List.of(
            "10,000 tool versions in turn, 5 events each; %d connections with %d calls in flight each, to one server or one to each of %d; all on this machine, the load, too."
                .formatted(SERVERS, IN_FLIGHT_OF_EACH, SERVERS),
            "%d rounds of %.0f s for each, alternating; figures are medians of the rounds, ratios medians of the rounds' ratios."
                .formatted(ROUNDS, SECONDS)),
        List.of(
            new Row(
                rate.what(),
                rate.unit(),
                rate.value(),
                peer,
                new Row.Target("at least 0.90 of one server's", peer.ratio() >= 0.9)),
            row("negotiations, p50", "µs", three, one, Figures::p50, samples),
            row(
                "negotiations, p99 of the slowest connection",
                "µs",
                three,
                one,
                Figures::p99,
                samples),
            row("negotiations, servers' CPU a call", "µs", three, one, Figures::cpu, samples)),
        samples);
  }

  private static Load load(ServerProcess server, List<byte[]> requests) {
    return new Load(
        server.process().toHandle(),
        server.address(),
        RawBytes.method(NegotiationServiceGrpc.getNegotiateMethod().getFullMethodName()),
        requests);
  }

  private static Figures run(
      Cluster cluster, ExecutorService threads, List<Load> loads, double seconds)
      throws InterruptedException, ExecutionException {
    double before = cluster.serversCpu();
    List<Future<Load.Result>> running = new ArrayList<>();
    for (Load load : loads) {
      running.add(threads.submit(() -> load.run(IN_FLIGHT_OF_EACH, seconds)));
    }
    List<Load.Result> results = new ArrayList<>();
    for (Future<Load.Result> result : running) {
      results.add(result.get());
    }
    int calls = results.stream().mapToInt(Load.Result::calls).sum();
    return new Figures(
        results.stream().mapToDouble(Load.Result::rate).sum(),
        new Samples(results.stream().map(Load.Result::p50).toList()).median(),
        results.stream().mapToDouble(Load.Result::p99).max().orElseThrow(),
        (cluster.serversCpu() - before) / calls);
  }

  private static Row row(
      String what,
      String unit,
      List<Figures> three,
      List<Figures> one,
      ToDoubleFunction<Figures> figure,
      Map<String, List<Double>> samples) {
    List<Double> ours = three.stream().map(figure::applyAsDouble).toList();
    List<Double> theirs = one.stream().map(figure::applyAsDouble).toList();
    samples.put(what + ", three servers, " + unit, ours);
    samples.put(what + ", one server, " + unit, theirs);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ours.get(i) / theirs.get(i));
    }
    return new Row(
        what,
        unit,
        new Samples(ours).median(),
        new Row.Peer("one server", new Samples(theirs).median(), new Samples(ratios).median()),
        null);
  }
}
