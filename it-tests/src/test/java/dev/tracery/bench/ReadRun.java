package dev.tracery.bench;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.it.SampleKernel;
import dev.tracery.it.ServerProcess;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.SchemaPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// `GetSchema` beside a bare grpc-java server whose answers have the same sizes. Three processes:
/// the load, the registry and the echo; only one of the servers works at a time, in rounds that
/// alternate.
final class ReadRun {

  private static final int ROUNDS = 7;
  private static final double SECONDS = 2;
  private static final double WARMUP_SECONDS = 15;
  private static final int EVENTS = 256;

  /// What is asked for.
  ///
  /// @param everything all events of all kernels in turn, more than the server remembers the
  ///   answers of, and not some events of one kernel; beside the figures nothing was promised for
  ///   it
  private record Case(
      String name, List<SchemaPart> parts, boolean everything, List<Integer> inFlight) {}

  private static final List<Case> CASES =
      List.of(
          new Case("descriptor", List.of(), false, List.of(1, 16, 64)),
          new Case(
              "descriptor and plan",
              List.of(SchemaPart.SCHEMA_PART_DESCRIPTOR, SchemaPart.SCHEMA_PART_DECODE_PLAN),
              false,
              List.of(1, 16, 64)),
          new Case("descriptor, no request twice", List.of(), true, List.of(16)));

  private ReadRun() {}

  static Report run(Path folder) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    List<String> setting = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(ManyKernels.data(folder, 10))) {
      List<String> jvm = EchoServer.jvmOptions(server.process().toHandle());
      for (Case which : CASES) {
        List<byte[]> requests = requests(server.address(), which);
        try (Load tracery = load(server, requests)) {
          List<Integer> sizes =
              spread(requests, EVENTS).stream().map(r -> tracery.call(r).length).toList();
          setting.add(
              "%s: %,d requests in turn, answers of %,d bytes on average."
                  .formatted(
                      which.name(),
                      requests.size(),
                      Math.round(sizes.stream().mapToInt(s -> s).average().orElseThrow())));
          try (EchoServer echo = EchoServer.start(jvm, sizes);
              Load bare = new Load(echo.process(), echo.address(), EchoServer.METHOD, requests)) {
            measure(which, tracery, bare, rows, samples);
          }
        }
      }
      setting.add(
          "Both servers: direct executor, one connection, %s; the registry has 10 kernels."
              .formatted(String.join(" ", jvm)));
    }
    setting.add(
        "%d rounds of %.0f s for each, alternating; figures are medians of the rounds, ratios medians of the rounds' ratios."
            .formatted(ROUNDS, SECONDS));
    return new Report(
        "read",
        "GetSchema over gRPC on loopback, beside a bare grpc-java echo",
        setting,
        rows,
        samples);
  }

  private static void measure(
      Case which, Load tracery, Load bare, List<Row> rows, Map<String, List<Double>> samples)
      throws InterruptedException {
    for (Load load : List.of(tracery, bare)) {
      load.run(64, WARMUP_SECONDS);
    }
    for (int inFlight : which.inFlight()) {
      tracery.run(inFlight, SECONDS / 2);
      bare.run(inFlight, SECONDS / 2);
      List<Load.Result> ours = new ArrayList<>();
      List<Load.Result> echo = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        ours.add(tracery.run(inFlight, SECONDS));
        echo.add(bare.run(inFlight, SECONDS));
      }
      String name = which.name() + ", " + inFlight + " in flight";
      Row rate = row(name, "calls/s", ours, echo, Load.Result::rate, samples);
      double ratio = Objects.requireNonNull(rate.peer()).ratio();
      rows.add(
          new Row(
              rate.what(),
              rate.unit(),
              rate.value(),
              rate.peer(),
              which.everything()
                  ? null
                  : new Row.Target("at least 0.70 of the echo's", ratio >= 0.7)));
      rows.add(row(name + ", p50", "µs", ours, echo, Load.Result::p50, samples));
      rows.add(row(name + ", p99", "µs", ours, echo, Load.Result::p99, samples));
      rows.add(row(name + ", server's CPU a call", "µs", ours, echo, Load.Result::cpu, samples));
    }
  }

  private static Row row(
      String what,
      String unit,
      List<Load.Result> tracery,
      List<Load.Result> bare,
      ToDoubleFunction<Load.Result> figure,
      Map<String, List<Double>> samples) {
    List<Double> ours = tracery.stream().map(figure::applyAsDouble).toList();
    List<Double> echo = bare.stream().map(figure::applyAsDouble).toList();
    samples.put(what + ", tracery, " + unit, ours);
    samples.put(what + ", echo, " + unit, echo);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ours.get(i) / echo.get(i));
    }
    return new Row(
        what,
        unit,
        new Samples(ours).median(),
        new Row.Peer("echo", new Samples(echo).median(), new Samples(ratios).median()),
        null);
  }

  private static Load load(ServerProcess server, List<byte[]> requests) {
    return new Load(
        server.process().toHandle(),
        server.address(),
        RawBytes.method(RegistryServiceGrpc.getGetSchemaMethod().getFullMethodName()),
        requests);
  }

  /// Requests for events all over the amd64 6.1 kernel, or for all events of all kernels.
  private static List<byte[]> requests(String address, Case which) {
    SampleKernel real = SampleKernel.read(SampleKernel.AMD64_6_1);
    try (TraceryClient client = TraceryClient.connect(address, ClientOptions.defaults())) {
      List<byte[]> requests = new ArrayList<>();
      for (Kernel kernel : client.kernels("", 0)) {
        if (which.everything()
            || kernel.getIdentity().getRelease().equals(real.identity().release())) {
          client
              .events(kernel.getId(), "", 0)
              .forEach(event -> requests.add(request(event.getEvent(), kernel, which)));
        }
      }
      return which.everything() ? requests : spread(requests, EVENTS);
    }
  }

  private static byte[] request(String event, Kernel kernel, Case which) {
    return GetSchemaRequest.newBuilder()
        .setEvent(event)
        .setKernel(kernel.getId())
        .addAllParts(which.parts())
        .build()
        .toByteArray();
  }

  private static List<byte[]> spread(List<byte[]> all, int count) {
    int step = Math.max(1, all.size() / count);
    return Stream.iterate(0, i -> i + step).limit(count).map(all::get).toList();
  }
}
