package dev.tracery.bench;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.it.ServerProcess;
import dev.tracery.v1.GetSchemaRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A new server over a PostgreSQL that has many kernels: from the start of its process to the first
/// answer that another process gets, with a snapshot and without, and the memory that it takes.
final class ClusterStartRun {

  private static final List<Integer> KERNELS = List.of(100, 1_000, 10_000);
  // Of fewer commits a server makes none.
  private static final int SNAPSHOT_COMMITS = 1_000;
  private static final int STARTS = 4;
  private static final int STARTS_WITHOUT = 2;
  private static final Pattern HEAP = Pattern.compile("total \\d+K, used (\\d+)K");

  private ClusterStartRun() {}

  static Report run(Path folder) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    try (Cluster cluster = Cluster.start(folder, 0, Map.of())) {
      for (int kernels : KERNELS) {
        Cluster.Database database = cluster.newDatabase();
        fill(folder, kernels, database);
        measure(kernels, database, rows, samples);
      }
    }
    return new Report(
        "cluster-start",
        "Start over PostgreSQL: from the process to the first answer, and memory",
        List.of(
            "Kernels: the samples, and builds that vary them; see KernelVariations. Filled by an import.",
            "%d starts each, the first not counted, and %d without a snapshot. The first answer is a GetSchema; the client is warm."
                .formatted(STARTS, STARTS_WITHOUT),
            "Reads: 100 schemas of each of 50 kernels, with decode plan and layout. Heap: what is left after a full collection."),
        rows,
        samples);
  }

  private static void fill(Path folder, int kernels, Cluster.Database database)
      throws IOException, InterruptedException {
    Path data = ManyKernels.data(folder, kernels);
    Path export = folder.resolve("cluster-start.export");
    try (ServerProcess server = ServerProcess.start(data);
        TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults());
        OutputStream out = Files.newOutputStream(export)) {
      client.exportTo(out, 0);
      server.stop();
    }
    try (ServerProcess server = database.server("localhost:0", Map.of());
        TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults());
        InputStream in = Files.newInputStream(export)) {
      client.importFrom(in);
      if (kernels >= SNAPSHOT_COMMITS) {
        awaitSnapshot(client);
      }
      server.stop();
    } finally {
      Files.deleteIfExists(export);
    }
  }

  /// A server makes one by itself, some time after there is enough that is new.
  private static void awaitSnapshot(TraceryClient client) throws InterruptedException {
    for (int i = 0; i < 600 && client.status().getSnapshotRevision() == 0; i++) {
      Thread.sleep(100);
    }
  }

  private static void measure(
      int kernels, Cluster.Database database, List<Row> rows, Map<String, List<Double>> samples)
      throws IOException, InterruptedException {
    String with = "%,d kernels, ".formatted(kernels);
    List<Double> seconds = new ArrayList<>();
    List<Double> ready = new ArrayList<>();
    List<Double> afterReads = new ArrayList<>();
    List<Double> heap = new ArrayList<>();
    List<Double> without = new ArrayList<>();
    long snapshot = 0;
    for (int i = 0; i < STARTS; i++) {
      long begin = System.nanoTime();
      try (ServerProcess server = database.server("localhost:0", Map.of());
          TraceryClient client =
              TraceryClient.connect(server.address(), ClientOptions.defaults())) {
        double second = firstAnswer(client, begin);
        if (i > 0) {
          seconds.add(second);
          ready.add(server.kilobytes("VmRSS") / 1024.0);
        }
        if (i == 1) {
          snapshot = client.status().getSnapshotRevision();
          StartRun.read(client);
          afterReads.add(server.kilobytes("VmRSS") / 1024.0);
          heap.add(heap(server));
        }
        server.stop();
      }
    }
    for (int i = 0; i < STARTS_WITHOUT; i++) {
      database.postgres().sql(database.name(), "DELETE FROM snapshot");
      long begin = System.nanoTime();
      try (ServerProcess server = database.server("localhost:0", Map.of());
          TraceryClient client =
              TraceryClient.connect(server.address(), ClientOptions.defaults())) {
        without.add(firstAnswer(client, begin));
        server.stop();
      }
    }
    double median = new Samples(seconds).median();
    String first = with + "first answer" + (snapshot == 0 ? " (no snapshot was made)" : "");
    rows.add(kernels == 10_000 ? Row.below(5, first, "s", median) : Row.of(first, "s", median));
    rows.add(Row.of(with + "first answer, no snapshot", "s", new Samples(without).median()));
    rows.add(Row.of(with + "memory when ready", "MiB", new Samples(ready).median()));
    rows.add(Row.of(with + "memory after reads", "MiB", new Samples(afterReads).median()));
    rows.add(Row.of(with + "heap after a full collection", "MiB", new Samples(heap).median()));
    rows.add(
        Row.of(
            with + "log and blobs in the database",
            "MiB",
            Double.parseDouble(
                    database
                        .postgres()
                        .sql(
                            database.name(),
                            "SELECT pg_total_relation_size('log') + pg_total_relation_size('blob')")
                        .getFirst())
                / 1048576));
    samples.put(with + "first answer, s", seconds);
    samples.put(with + "first answer, no snapshot, s", without);
    samples.put(with + "memory when ready, MiB", ready);
  }

  private static double firstAnswer(TraceryClient client, long begin) {
    client.schema(GetSchemaRequest.newBuilder().setEvent("sched/sched_switch").build());
    return (System.nanoTime() - begin) / 1e9;
  }

  private static double heap(ServerProcess server) throws IOException, InterruptedException {
    jcmd(server, "GC.run");
    double kilobytes =
        HEAP.matcher(jcmd(server, "GC.heap_info"))
            .results()
            .mapToDouble(used -> Double.parseDouble(used.group(1)))
            .sum();
    if (kilobytes == 0) {
      throw new IllegalStateException("jcmd says nothing of the heap");
    }
    return kilobytes / 1024;
  }

  private static String jcmd(ServerProcess server, String command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(server.process().pid()),
                command)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }
}
