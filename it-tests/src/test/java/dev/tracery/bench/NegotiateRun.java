package dev.tracery.bench;

import com.google.protobuf.ByteString;
import dev.tracery.client.ClientOptions;
import dev.tracery.client.IdentityWriter;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.negotiate.Needs;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.it.Folders;
import dev.tracery.it.SampleKernel;
import dev.tracery.it.ServerProcess;
import dev.tracery.model.EventName;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.ObservationStatus;
import dev.tracery.v1.RegistryChange;
import dev.tracery.v1.SeenEvent;
import dev.tracery.v1.WatchResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/// `Negotiate` for 5 events of a kernel that is known, beside a bare grpc-java server whose
/// requests and answers have the same sizes; and a fleet: a million starts of 10,000 versions of
/// tools that were not seen before.
final class NegotiateRun {

  private static final int ROUNDS = 5;
  private static final double SECONDS = 2;
  private static final double WARMUP_SECONDS = 10;
  private static final int TOOLS = 100;
  private static final int VERSIONS = 100;
  private static final int FLEET_CALLS = 1_000_000;
  private static final String FLEET = "fleet-";

  static final List<String> EVENTS =
      List.of(
          "sched/sched_switch:prev_comm,prev_pid,prev_state,next_pid",
          "sched/sched_wakeup:comm,pid,target_cpu",
          "block/block_rq_issue:dev,sector,nr_sector",
          "irq/irq_handler_entry:irq,name",
          "syscalls/sys_enter_openat:dfd,filename,flags");

  /// @param standard whether the figures that were promised are these: a fleet starts one tool on
  ///   many hosts, but a registry serves many tools
  private record Case(
      String name, List<byte[]> requests, boolean standard, List<Integer> inFlight) {}

  private NegotiateRun() {}

  static Report run(Path folder) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    List<String> setting = new ArrayList<>();
    List<byte[]> all = requests("tool");
    // Why: a copy, because each tool that starts here is written to the log.
    Path data = folder.resolve("negotiate.data");
    Folders.delete(data);
    Folders.copy(ManyKernels.data(folder, 10), data);
    try (ServerProcess server = ServerProcess.start(data)) {
      List<String> jvm = EchoServer.jvmOptions(server.process().toHandle());
      for (Case which :
          List.of(
              new Case("10,000 tool versions in turn", all, true, List.of(1, 16, 64)),
              new Case("one tool again and again", all.subList(0, 1), false, List.of(16)))) {
        try (Load tracery = load(server, which.requests())) {
          int size = tracery.call(which.requests().getFirst()).length;
          setting.add(
              "%s: requests of %,d bytes, answers of %,d bytes."
                  .formatted(which.name(), which.requests().getFirst().length, size));
          try (EchoServer echo = EchoServer.start(jvm, List.of(size));
              Load bare =
                  new Load(echo.process(), echo.address(), EchoServer.METHOD, which.requests())) {
            measure(which, tracery, bare, rows, samples);
          }
        }
      }
      fleet(server, rows);
      setting.add(
          "Both servers: direct executor, one connection, %s; the registry has 10 kernels."
              .formatted(String.join(" ", jvm)));
    }
    setting.add(
        "%d rounds of %.0f s for each, alternating; figures are medians of the rounds, ratios medians of the rounds' ratios."
            .formatted(ROUNDS, SECONDS));
    return new Report(
        "negotiate",
        "Negotiate for 5 events over gRPC on loopback, beside a bare grpc-java echo",
        setting,
        rows,
        samples);
  }

  private static Load load(ServerProcess server, List<byte[]> requests) {
    return new Load(
        server.process().toHandle(),
        server.address(),
        RawBytes.method(NegotiationServiceGrpc.getNegotiateMethod().getFullMethodName()),
        requests);
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
          which.standard()
              ? with(rate, new Row.Target("at least 0.60 of the echo's", ratio >= 0.6))
              : rate);
      rows.add(row(name + ", p50", "µs", ours, echo, Load.Result::p50, samples));
      Row p99 = row(name + ", p99", "µs", ours, echo, Load.Result::p99, samples);
      rows.add(
          which.standard() && inFlight == 16
              ? with(p99, new Row.Target("under 2,000 µs", p99.value() < 2_000))
              : p99);
      rows.add(row(name + ", server's CPU a call", "µs", ours, echo, Load.Result::cpu, samples));
    }
  }

  private static Row with(Row row, Row.Target target) {
    return new Row(row.what(), row.unit(), row.value(), row.peer(), target);
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

  /// Each version of each tool starts a hundred times, in turn. Memory is compared with what it is
  /// when each has started ten times.
  private static void fleet(ServerProcess server, List<Row> rows)
      throws IOException, InterruptedException {
    try (TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults());
        Load load = load(server, requests(FLEET))) {
      ObservationStatus before = client.status().getObservations();
      long made = 0;
      while (made < FLEET_CALLS / 10) {
        made += load.run(64, 1).calls();
      }
      settle(client);
      long resident = server.kilobytes("VmRSS");
      while (made < FLEET_CALLS) {
        made += load.run(64, 2).calls();
      }
      ObservationStatus after = settle(client);
      long residentAfter = server.kilobytes("VmRSS");
      long entries = observations(client);
      rows.add(Row.of("fleet: starts", "calls", made));
      rows.add(
          new Row(
              "fleet: entries of observed tools in the log, of 10,000 tool versions",
              "entries",
              entries,
              null,
              new Row.Target("at most one for each", entries <= TOOLS * VERSIONS)));
      rows.add(
          Row.of(
              "fleet: observations dropped",
              "observations",
              after.getDroppedCount() - before.getDroppedCount()));
      rows.add(
          new Row(
              "fleet: resident memory of the server, after a million starts and after 100,000",
              "MiB",
              residentAfter / 1024.0,
              new Row.Peer("100,000 starts", resident / 1024.0, (double) residentAfter / resident),
              new Row.Target("at most 1.1 of that", residentAfter <= resident * 1.1)));
    }
  }

  /// Waits until no observation waits to be written.
  private static ObservationStatus settle(TraceryClient client) throws InterruptedException {
    ObservationStatus status = client.status().getObservations();
    for (int i = 0; i < 300 && status.getWaitingCount() > 0; i++) {
      Thread.sleep(100);
      status = client.status().getObservations();
    }
    Thread.sleep(2_000);
    return client.status().getObservations();
  }

  private static long observations(TraceryClient client) throws InterruptedException {
    long head = client.status().getRevision();
    long found = 0;
    try (var watch = client.watch(0, _ -> {})) {
      while (true) {
        WatchResponse revision = watch.next();
        found +=
            revision.getChangesList().stream()
                .filter(RegistryChange::hasConsumerObserved)
                .filter(change ->
                    change.getConsumerObserved().getConsumer().getName().startsWith(FLEET))
                .count();
        if (revision.getRevision() >= head && !revision.getMore()) {
          return found;
        }
      }
    }
  }

  /// One start of each version of each tool, on the amd64 6.1 kernel.
  static List<byte[]> requests(String tools) {
    SampleKernel kernel = SampleKernel.read(SampleKernel.AMD64_6_1);
    Needs needs = Needs.of("tool", "1");
    NegotiateRequest.Builder request =
        NegotiateRequest.newBuilder()
            .setKernel(IdentityWriter.write(kernel.identity()))
            .addApiVersions("tracery.v1");
    for (String event : EVENTS) {
      String[] parts = event.split(":");
      needs.require(parts[0], parts[1].split(","));
      byte[] text =
          Objects.requireNonNull(kernel.formats().get(EventName.parse(parts[0])), parts[0]);
      request.addEvents(
          SeenEvent.newBuilder()
              .setEvent(parts[0])
              .setId(1)
              .setLayoutHash(
                  ByteString.copyFrom(
                      CanonicalForm.hash(text, kernel.identity().target()).bytes())));
    }
    request.setTool(ConsumerWriter.write(needs.toConsumer()));
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < TOOLS * VERSIONS; i++) {
      request.getToolBuilder().setName(tools + i % TOOLS).setVersion("1." + i / TOOLS);
      requests.add(request.build().toByteArray());
    }
    return requests;
  }
}
