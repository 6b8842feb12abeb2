package dev.tracery.bench;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.it.ClientScript;
import dev.tracery.it.Folders;
import dev.tracery.it.SampleKernel;
import dev.tracery.it.ServerProcess;
import dev.tracery.model.EventName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/// What the client libraries do in a second, and how long a tool that uses one takes to start. A
/// client whose toolchain is not there is left out, and said to be.
final class ClientsRun {

  private static final Duration SETUP = Duration.ofMinutes(20);
  private static final Duration DECODE = Duration.ofMinutes(5);
  private static final int PROCESSES = 25;
  private static final long PROCESS_SECONDS = 30;
  private static final String KERNEL = "debian-trixie-6.12.117-amd64";

  /// What the program of `run command negotiate` reads.
  private static final List<String> EVENTS =
      List.of(
          "sched/sched_switch",
          "sched/sched_waking",
          "sched/sched_process_exit",
          "irq/irq_handler_entry",
          "irq/softirq_entry");

  /// What each client must keep.
  ///
  /// @param millis empty where nothing was promised
  private record Promise(double records, OptionalDouble millis) {}

  private static final Map<String, Promise> PROMISES =
      Map.of(
          "java", new Promise(10e6, OptionalDouble.empty()),
          "cpp", new Promise(10e6, OptionalDouble.of(100)),
          "rust", new Promise(10e6, OptionalDouble.of(100)),
          "go", new Promise(10e6, OptionalDouble.of(100)),
          "typescript", new Promise(1e6, OptionalDouble.of(400)),
          "python", new Promise(100e3, OptionalDouble.of(400)));

  private ClientsRun() {}

  static Report run(Path folder) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    List<String> setting = new ArrayList<>();
    List<ClientScript> clients = new ArrayList<>();
    for (String name : ClientScript.CLIENTS) {
      ClientScript client = new ClientScript(name);
      System.err.println("  building " + name);
      ClientScript.Ended ended = client.run("setup", SETUP, Map.of(), "setup");
      if (ended.status() == ClientScript.NO_TOOLCHAIN) {
        System.err.println(ended.log());
        setting.add("**" + name + " is left out: its toolchain is not on this machine.**");
      } else {
        ended.fine();
        clients.add(client);
      }
    }
    for (ClientScript client : clients) {
      System.err.println("  decode, " + client.client());
      String out = client.run("bench", DECODE, Map.of(), "bench", "decode").fine().out().strip();
      double records = Double.parseDouble(out.substring(out.lastIndexOf('\n') + 1).strip());
      double target = promise(client).records;
      rows.add(
          new Row(
              client.client() + ", decode",
              "records/s",
              records,
              null,
              new Row.Target("at least " + Row.number(target), records >= target)));
      samples.put(client.client() + ", decode, records/s", List.of(records));
    }
    negotiate(folder, clients)
        .forEach((client, millis) -> {
          double median = new Samples(millis).median();
          String what = client.client() + ", negotiate";
          OptionalDouble most = promise(client).millis;
          rows.add(
              most.isPresent()
                  ? Row.below(most.getAsDouble(), what, "ms", median)
                  : Row.of(what, "ms", median));
          samples.put(what + ", ms", millis);
        });
    setting.add(
        "decode: sched_switch records of one kernel, all 7 fields as native values, one core; each"
            + " client's own median of several rounds (`clients/LANGUAGE/run bench decode`).");
    setting.add(
        "negotiate: from the start of a cold process, which keeps no answers, to its end, with 5"
            + " events, the decoders built; a server on loopback that has the samples. Medians of "
            + PROCESSES
            + " processes each, the clients taking turns; the files are in the page cache.");
    return new Report(
        "clients",
        "Client libraries: records a second, and a tool's start",
        setting,
        rows,
        samples);
  }

  private static Promise promise(ClientScript client) {
    return Objects.requireNonNull(PROMISES.get(client.client()), client::client);
  }

  /// Milliseconds of each process.
  private static Map<ClientScript, List<Double>> negotiate(Path folder, List<ClientScript> clients)
      throws IOException, InterruptedException {
    Path data = ManyKernels.data(folder, SampleKernel.ids().size());
    SampleKernel kernel = SampleKernel.read(KERNEL);
    Path tracing = folder.resolve("clients-tracing");
    Folders.delete(tracing);
    for (String event : EVENTS) {
      Path file = tracing.resolve("events").resolve(event).resolve("format");
      Files.createDirectories(file.getParent());
      Files.write(file, Objects.requireNonNull(kernel.formats().get(EventName.parse(event))));
    }
    Map<ClientScript, List<String>> commands = new LinkedHashMap<>();
    Map<ClientScript, List<Double>> millis = new LinkedHashMap<>();
    for (ClientScript client : clients) {
      String words = client.run("command", DECODE, Map.of(), "command", "negotiate").fine().out();
      commands.put(client, List.of(words.strip().split("\t")));
      millis.put(client, new ArrayList<>());
    }
    try (ServerProcess server = ServerProcess.start(data);
        TraceryClient warm = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      warm.status();
      // The first round warms the server and the page cache.
      for (int round = -1; round < PROCESSES; round++) {
        for (ClientScript client : clients) {
          List<String> command = new ArrayList<>(Objects.requireNonNull(commands.get(client)));
          command.add(server.address());
          command.add(tracing.toString());
          command.addAll(ClientScript.arguments(kernel));
          double took = millis(client, command);
          if (round >= 0) {
            Objects.requireNonNull(millis.get(client)).add(took);
          }
        }
      }
      server.stop();
    }
    return millis;
  }

  private static double millis(ClientScript client, List<String> command)
      throws IOException, InterruptedException {
    Path output = Path.of("target", "clients", client.client() + "-negotiate.out");
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(PROCESS_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException(command + " does not end");
    }
    double took = (System.nanoTime() - begin) / 1e6;
    if (process.exitValue() != 0) {
      throw new IllegalStateException(command + ":\n" + Files.readString(output));
    }
    return took;
  }
}
