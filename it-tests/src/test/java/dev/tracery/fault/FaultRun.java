package dev.tracery.fault;

import dev.tracery.fault.FaultPlan.Step;
import dev.tracery.it.Folders;
import dev.tracery.v1.SeriesMode;
import dev.tracery.v1.SeriesModeRule;
import dev.tracery.v1.UpdatePolicyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// One run from an empty registry to a verdict on what became of it.
///
/// @param setup what is started
/// @param plan what goes wrong
/// @param workers how many use it meanwhile
/// @param judgements how many verdicts are asked for again
/// @param folder of its own; it is emptied first. Holds the history afterwards, and what the
///   servers had only if something was wrong
/// @param progress is told what happens
record FaultRun(
    Setup setup,
    FaultPlan plan,
    int workers,
    int judgements,
    Path folder,
    Consumer<String> progress) {

  /// Runs and checks.
  FaultReport run() throws IOException, InterruptedException {
    Folders.delete(folder);
    Files.createDirectories(folder);
    Path data = folder.resolve("data");
    Questions questions = new Questions();
    FaultReport report;
    try (History history = new History(folder.resolve("history.jsonl"))) {
      Evidence evidence;
      try (Cluster cluster = setup.start(data, history)) {
        progress.accept("servers: " + cluster.addresses());
        prepare(cluster);
        load(cluster, history, questions);
        evidence = settle(cluster, history);
      }
      progress.accept("checking");
      Checker checker = new Checker(evidence);
      List<LoggedCommit> log =
          evidence.servers().isEmpty() ? List.of() : evidence.servers().getFirst().log();
      List<Violation> violations =
          checker.check(new Replay(log, questions), judgements, new Random(plan.seed()));
      report =
          new FaultReport(setup, plan, evidence, history.faults(), violations, checker.losses());
    }
    Files.writeString(folder.resolve("report.txt"), report.toString());
    if (report.violations().isEmpty()) {
      Folders.delete(data);
    }
    return report;
  }

  /// Every series but one enforces.
  private static void prepare(Cluster cluster) {
    try (Client client = new Client(1, cluster.nodes().getFirst().address())) {
      client
          .registry()
          .updatePolicy(
              UpdatePolicyRequest.newBuilder()
                  .addModes(mode("*", SeriesMode.SERIES_MODE_ENFORCE))
                  .addModes(mode(Worker.FREE, SeriesMode.SERIES_MODE_ADVISE))
                  .build());
    }
  }

  private static SeriesModeRule mode(String series, SeriesMode mode) {
    return SeriesModeRule.newBuilder().setSeries(series).setMode(mode).build();
  }

  /// Lets workers and watchers run while the plan is carried out.
  private void load(Cluster cluster, History history, Questions questions)
      throws IOException, InterruptedException {
    AtomicBoolean stopping = new AtomicBoolean();
    List<Client> clients = new ArrayList<>();
    List<Watcher> watchers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    try {
      for (int number = 1; number <= workers; number++) {
        List<Client> own = clients(cluster);
        clients.addAll(own);
        threads.add(
            Thread.ofVirtual()
                .start(new Worker(number, plan.seed(), own, history, questions, stopping)));
      }
      for (Client client : clients(cluster)) {
        Watcher watcher = new Watcher(workers + 1 + client.number(), client, history);
        watchers.add(watcher);
        threads.add(Thread.ofVirtual().start(watcher));
      }
      inject(cluster, history);
      progress.accept("no more faults");
    } finally {
      stopping.set(true);
      watchers.forEach(Watcher::close);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    clients.forEach(Client::close);
  }

  /// One that knows all servers, and one for each.
  private static List<Client> clients(Cluster cluster) {
    List<Client> clients = new ArrayList<>();
    clients.add(new Client(0, cluster.addresses()));
    cluster.nodes().forEach(node -> clients.add(new Client(node.number(), node.address())));
    return clients;
  }

  private void inject(Cluster cluster, History history) throws InterruptedException {
    int number = 0;
    for (Step step : plan.steps()) {
      Thread.sleep(step.pauseMillis());
      long begin = history.now();
      for (Fault fault : step.faults()) {
        cluster.begin(fault);
      }
      // Why at the same time: a server does not start while another fault keeps it from its
      // database.
      List<Future<Injected>> ends = new ArrayList<>();
      try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Fault fault : step.faults()) {
          int own = ++number;
          ends.add(
              executor.submit(() -> {
                Thread.sleep(Math.max(0, begin + fault.millis() - history.now()));
                String note = cluster.end(fault);
                return new Injected(own, fault.toString(), begin, history.now(), note);
              }));
        }
      }
      for (Future<Injected> end : ends) {
        history.add(end.resultNow());
      }
      progress.accept("%d of %d: %s".formatted(number, plan.size(), step.faults()));
    }
    // Why: so that the last fault, too, is followed by a while in which all is well.
    Thread.sleep(2_000);
  }

  /// Waits until the servers are equal, and reads what they have, also after a restart of each.
  private Evidence settle(Cluster cluster, History history)
      throws IOException, InterruptedException {
    for (Node node : cluster.nodes()) {
      node.revive();
    }
    Settled.await(cluster).ifPresent(history::surprise);
    List<ServerState> states = new ArrayList<>(Settled.read(cluster, "in the end"));
    progress.accept("at revision " + states.getFirst().revision());
    for (Node node : cluster.nodes()) {
      node.stop();
      node.start();
    }
    Settled.await(cluster).ifPresent(history::surprise);
    states.addAll(Settled.read(cluster, "after a restart"));
    return new Evidence(
        history.operations(),
        history.seen(),
        states,
        history.surprises(),
        history.badAnswers(),
        setup.mayLose());
  }
}
