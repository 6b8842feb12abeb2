package dev.tracery.bench;

import dev.tracery.bench.FleetRequests.Key;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.negotiate.ClockedNegotiator;
import dev.tracery.client.negotiate.Negotiated;
import dev.tracery.client.negotiate.Negotiator;
import dev.tracery.client.negotiate.NegotiatorOptions;
import dev.tracery.it.Folders;
import dev.tracery.it.FormatText;
import dev.tracery.it.SampleKernel;
import dev.tracery.it.ServerProcess;
import dev.tracery.model.EventName;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.RegistryChange;
import dev.tracery.v1.WatchResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// A fleet's day against three servers: tools that start, answers that are kept, a tool and a
/// kernel that roll out, a kernel that nobody registered, a server that is killed and comes back, a
/// morning on which everything starts at once, and a time without any server. Beside it what
/// arithmetic says, and what the client library does with the starts of one host.
final class FleetRun {

  private static final int SERVERS = 3;
  private static final int HOSTS = Integer.getInteger("tracery.fleet.hosts", 2_000);
  private static final int KERNELS = 6;
  private static final int NEW_KERNEL = KERNELS - 2;
  private static final int UNREGISTERED = KERNELS - 1;
  private static final int TOOL_ROLLOUT = 10 * 60;
  private static final int KERNEL_ROLLOUT = 12 * 60;
  private static final int CUSTOM_KERNELS = 13 * 60;
  private static final int KILL = 15 * 60;
  private static final int BACK = KILL + 5;
  private static final int MORNING = FleetModel.DAY_MINUTES + 8 * 60;
  private static final int OUTAGE = MORNING + 58;
  private static final int OUTAGE_MINUTES = 5;
  private static final double CACHE_MINUTES = 60;
  private static final double NEW_KERNEL_SHARE = 0.3;
  private static final double CUSTOM_SHARE = 0.02;
  private static final double WARMUP_SECONDS = 8;
  private static final int SINGLE_STARTS = 1_000;
  // A host that runs the kernel that nobody registered.
  private static final int WATCHED = 0;

  private FleetRun() {}

  static Report run(Path folder) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    Fleet fleet = new Fleet(HOSTS, kernels(), host -> host % NEW_KERNEL, WATCHED);
    try (Cluster cluster = Cluster.start(folder, SERVERS, Map.of());
        TraceryClient client = cluster.client(0)) {
      VariedKernel.Hashes hashes = new VariedKernel.Hashes();
      for (int i = 0; i < UNREGISTERED; i++) {
        client.register(fleet.kernels().get(i).registration(hashes));
      }
      long begin = client.status().getRevision();
      ClusterRegisterRun.awaitEverywhere(cluster, begin);
      for (ServerProcess server : cluster.servers()) {
        warm(server);
      }
      try (FleetCalls calls = new FleetCalls(cluster.addresses())) {
        day(cluster, fleet, calls, rows);
        morning(cluster, fleet, calls, rows);
        log(client, begin, rows);
        witness(folder, client, fleet, rows);
        outage(cluster, fleet, calls, rows);
      }
    }
    return new Report(
        "fleet",
        "A fleet's day: simulated starts against three servers over one PostgreSQL",
        List.of(
            "%,d hosts (-Dtracery.fleet.hosts), each with a tool that starts every 5 minutes, three that start once a day, six that people start 1.5 times a day; one host in a hundred tries a tool every hour that is refused."
                .formatted(HOSTS),
            "Hosts keep answers as the clients' contract says, on a clock of the simulation's; what is not kept is asked by gRPC. Each host has the servers' addresses in another order.",
            "In the day: a new version of one tool on all hosts, a new kernel on 30 of 100, a kernel that nobody registered on 2 of 100, one server killed and started again.",
            "Arithmetic: see FleetModel and docs/sizing.md."),
        rows,
        Map.of());
  }

  /// Questions that are no starts, so that the log knows nothing of them.
  private static void warm(ServerProcess server) throws InterruptedException {
    List<byte[]> questions = new ArrayList<>();
    for (byte[] request : NegotiateRun.requests("warm").subList(0, 100)) {
      questions.add(FleetRequests.dry(request));
    }
    try (Load load =
        new Load(
            server.process().toHandle(),
            server.address(),
            RawBytes.method(NegotiationServiceGrpc.getNegotiateMethod().getFullMethodName()),
            questions)) {
      load.run(64, WARMUP_SECONDS);
    }
  }

  /// Builds of one kernel, the last of them with a layout that no other has.
  private static List<VariedKernel> kernels() {
    SampleKernel real = SampleKernel.read(SampleKernel.AMD64_6_1);
    KernelVariations line = new KernelVariations(real, List.of(real), 3);
    List<VariedKernel> kernels = new ArrayList<>();
    kernels.add(KernelVariations.unvaried(real));
    while (kernels.size() < KERNELS) {
      kernels.add(line.nextWithKnownLayouts());
    }
    VariedKernel last = kernels.removeLast();
    EventName changed = EventName.parse("sched/sched_switch");
    kernels.add(
        new VariedKernel(
            last.identity(),
            last.series(),
            last.events().stream()
                .map(event ->
                    event.name().equals(changed)
                        ? new VariedKernel.Event(
                            event.name(),
                            event.id(),
                            FormatText.withField(event.text(), "of_this_fleet"))
                        : event)
                .toList()));
    return kernels;
  }

  private static void day(Cluster cluster, Fleet fleet, FleetCalls calls, List<Row> rows)
      throws IOException, InterruptedException {
    double servers = 0;
    double since = cluster.serversCpu();
    double database = cluster.databaseCpu();
    long begin = System.nanoTime();
    for (int minute = 0; minute < FleetModel.DAY_MINUTES; minute++) {
      rollOut(fleet, minute);
      if (minute == KILL) {
        servers += cluster.serversCpu() - since;
        calls.finish();
        cluster.kill(SERVERS - 1);
        since = cluster.serversCpu();
      }
      if (minute == BACK) {
        servers += cluster.serversCpu() - since;
        cluster.restart(SERVERS - 1);
        since = cluster.serversCpu();
        calls.retryConnections();
      }
      fleet.minute(minute, calls);
    }
    calls.finish();
    double seconds = (System.nanoTime() - begin) / 1e9;
    servers += cluster.serversCpu() - since;
    double starts = fleet.starts.sum();
    double asked = fleet.asked.sum();
    double expected =
        FleetModel.questionsADay(fleet.hosts(), CACHE_MINUTES)
            + FleetModel.rollOutQuestions(
                fleet.hosts(), 1, NEW_KERNEL_SHARE + CUSTOM_SHARE, CACHE_MINUTES);
    double ratio = asked / expected;
    rows.add(Row.of("day: starts", "starts", starts));
    rows.add(Row.of("day: answered from hosts' caches", "starts", fleet.fromCache.sum()));
    rows.add(
        new Row(
            "day: asked",
            "starts",
            asked,
            new Row.Peer("arithmetic", expected, ratio),
            new Row.Target("within a tenth of it", ratio > 0.9 && ratio < 1.1)));
    rows.add(Row.of("day: asked again with formats", "calls", fleet.withTexts.sum()));
    rows.add(Row.of("day: refused, so asked at each start", "starts", fleet.refused.sum()));
    rows.add(Row.of("day: passed on to the next address", "calls", calls.passedOn.sum()));
    rows.add(Row.of("day: not answered", "starts", fleet.offline.sum() + fleet.unreachable.sum()));
    rows.add(Row.of("day: request", "bytes", calls.bytesSent.sum() / (double) calls.sent.sum()));
    rows.add(Row.of("day: answer", "bytes", calls.bytesReceived.sum() / (double) calls.sent.sum()));
    rows.add(
        Row.of(
            "day: messages for each host",
            "KiB",
            (calls.bytesSent.sum() + calls.bytesReceived.sum()) / 1024.0 / fleet.hosts()));
    rows.add(Row.of("day: servers' CPU for 1,000 starts", "ms", servers / starts));
    rows.add(Row.of("day: servers' CPU for each that was asked", "µs", servers / asked));
    rows.add(
        Row.of(
            "day: database's CPU for 1,000 starts",
            "ms",
            (cluster.databaseCpu() - database) / starts));
    rows.add(Row.of("day: took", "s", seconds));
  }

  private static void rollOut(Fleet fleet, int minute) {
    for (int host = 0; host < fleet.hosts(); host++) {
      if (minute == TOOL_ROLLOUT + host % 60) {
        fleet.update(host);
      }
      if (minute == KERNEL_ROLLOUT + host % 180 && host % 100 < 100 * NEW_KERNEL_SHARE) {
        fleet.boot(host, NEW_KERNEL);
      }
      if (minute == CUSTOM_KERNELS + 120 && host % 100 < 100 * CUSTOM_SHARE) {
        fleet.boot(host, UNREGISTERED);
      }
    }
  }

  private static void morning(Cluster cluster, Fleet fleet, FleetCalls calls, List<Row> rows)
      throws InterruptedException {
    long asked = fleet.asked.sum();
    double cpu = cluster.serversCpu();
    long begin = System.nanoTime();
    fleet.everything(MORNING, calls);
    calls.finish();
    double seconds = (System.nanoTime() - begin) / 1e9;
    double count = fleet.asked.sum() - asked;
    rows.add(Row.of("morning: asked at once", "starts", count));
    rows.add(Row.of("morning: answered", "a second", count / seconds));
    rows.add(Row.of("morning: servers' CPU for each", "µs", (cluster.serversCpu() - cpu) / count));
  }

  /// What the log has got, and how much was coalesced.
  private static void log(TraceryClient client, long begin, List<Row> rows)
      throws InterruptedException {
    Thread.sleep(5_000);
    long head = client.status().getRevision();
    long observed = 0;
    long learned = 0;
    try (var watch = client.watch(begin, _ -> {})) {
      for (long revision = begin; revision < head; ) {
        WatchResponse part = watch.next();
        for (RegistryChange change : part.getChangesList()) {
          observed += change.hasConsumerObserved() ? 1 : 0;
          learned += change.hasLayoutLearned() ? 1 : 0;
        }
        revision = part.getMore() ? part.getRevision() - 1 : part.getRevision();
      }
    }
    long versions = FleetModel.tools().size();
    rows.add(Row.of("log: revisions that negotiations made", "revisions", head - begin));
    rows.add(Row.of("log: layouts learned", "layouts", learned));
    rows.add(
        new Row(
            "log: entries of observed tools",
            "entries",
            observed,
            null,
            new Row.Target(
                "at most two for each of %d versions".formatted(versions),
                observed <= 2 * versions)));
  }

  /// The starts of one host again, with the client library and its folder of answers.
  private static void witness(Path folder, TraceryClient client, Fleet fleet, List<Row> rows)
      throws IOException {
    Path answers = folder.resolve("fleet.answers");
    Folders.delete(answers);
    AtomicLong now = new AtomicLong();
    Negotiator negotiator =
        ClockedNegotiator.of(
            client,
            NegotiatorOptions.defaults().withCache(answers),
            () -> Instant.ofEpochMilli(now.get()));
    List<dev.tracery.client.negotiate.SeenKernel> kernels =
        fleet.kernels().stream().map(FleetRequests::seen).toList();
    long others = 0;
    long asked = 0;
    for (Fleet.Start start : fleet.watchedStarts) {
      Key key = start.key();
      now.set(start.millis());
      boolean isAsked =
          negotiator.ask(fleet.tool(key), kernels.get(key.kernel())).source()
              == Negotiated.Source.REGISTRY;
      asked += isAsked ? 1 : 0;
      others += isAsked == start.asked() ? 0 : 1;
    }
    Folders.delete(answers);
    rows.add(Row.of("one host again with the Java client: asked", "starts", asked));
    rows.add(
        new Row(
            "one host again with the Java client: starts in which it did otherwise",
            "of %,d".formatted(fleet.watchedStarts.size()),
            others,
            null,
            new Row.Target("none", others == 0)));
  }

  private static void outage(Cluster cluster, Fleet fleet, FleetCalls calls, List<Row> rows)
      throws IOException, InterruptedException {
    single(cluster, fleet, rows);
    for (int i = 0; i < SERVERS; i++) {
      cluster.kill(i);
    }
    long starts = fleet.starts.sum();
    long cached = fleet.fromCache.sum();
    long offline = fleet.offline.sum();
    long unreachable = fleet.unreachable.sum();
    for (int minute = OUTAGE; minute < OUTAGE + OUTAGE_MINUTES; minute++) {
      fleet.minute(minute, calls);
    }
    calls.finish();
    rows.add(Row.of("no server: starts", "starts", fleet.starts.sum() - starts));
    rows.add(Row.of("no server: by a fresh answer", "starts", fleet.fromCache.sum() - cached));
    rows.add(Row.of("no server: by an older answer", "starts", fleet.offline.sum() - offline));
    rows.add(Row.of("no server: without any", "starts", fleet.unreachable.sum() - unreachable));
  }

  /// Starts as they are on different hosts: each with a connection of its own.
  private static void single(Cluster cluster, Fleet fleet, List<Row> rows)
      throws IOException, InterruptedException {
    ServerProcess server = cluster.servers().getFirst();
    byte[] request =
        new FleetRequests()
            .of(new Key(1, 0, 0), fleet.tool(new Key(1, 0, 0)), fleet.kernels().getFirst());
    FleetCalls.Listener nothing =
        new FleetCalls.Listener() {
          @Override
          public byte @org.jspecify.annotations.Nullable [] answered(NegotiateResponse answer) {
            return null;
          }

          @Override
          public void unreachable() {
            throw new IllegalStateException("the server has gone");
          }
        };
    double before = 0;
    for (int i = 0; i < 2 * SINGLE_STARTS; i++) {
      if (i == SINGLE_STARTS) {
        before = cpu(server);
      }
      try (FleetCalls calls = new FleetCalls(List.of(server.address()))) {
        calls.ask(request, 0, nothing);
        calls.finish();
      }
    }
    rows.add(
        Row.of(
            "a start with a connection of its own: server's CPU",
            "µs",
            (cpu(server) - before) / SINGLE_STARTS));
    try (CountingRelay relay = new CountingRelay(server.address())) {
      for (int i = 0; i < 20; i++) {
        try (FleetCalls calls = new FleetCalls(List.of(relay.address()))) {
          calls.ask(request, 0, nothing);
          calls.finish();
        }
      }
      rows.add(
          Row.of(
              "a start with a connection of its own: to the server, without TCP's own",
              "bytes",
              relay.toServer() / 20.0));
      rows.add(
          Row.of(
              "a start with a connection of its own: from the server, without TCP's own",
              "bytes",
              relay.fromServer() / 20.0));
    }
  }

  private static double cpu(ServerProcess server) {
    return server.process().toHandle().info().totalCpuDuration().orElseThrow().toNanos() / 1e3;
  }
}
