package dev.tracery.bench;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.it.ServerProcess;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.KernelEvent;
import dev.tracery.v1.SchemaPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// From the start of the server's process to the first answer that another process gets, and the
/// memory that the server then has.
final class StartRun {

  private static final int STARTS = 9;
  private static final int READ_KERNELS = 50;
  private static final int READ_EVENTS = 100;

  private StartRun() {}

  static Report run(Path folder) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    measure(folder, 10, 1.5, rows, samples);
    measure(folder, 1000, 3, rows, samples);
    return new Report(
        "start",
        "Start: from the process to the first answer, and resident memory",
        List.of(
            "Kernels: the samples, and builds that vary them; see KernelVariations.",
            "%d starts each, the first not counted. The first answer is a GetSchema; the client is warm. The files are in the page cache."
                .formatted(STARTS),
            "Reads: all events of %2$d kernels, and %1$d schemas of each with decode plan and layout."
                .formatted(READ_EVENTS, READ_KERNELS)),
        rows,
        samples);
  }

  private static void measure(
      Path folder, int kernels, double limit, List<Row> rows, Map<String, List<Double>> samples)
      throws IOException, InterruptedException {
    Path data = ManyKernels.data(folder, kernels);
    List<Double> seconds = new ArrayList<>();
    List<Double> started = new ArrayList<>();
    List<Double> afterReads = new ArrayList<>();
    double stored = 0;
    for (int i = 0; i < STARTS; i++) {
      long begin = System.nanoTime();
      try (ServerProcess server = ServerProcess.start(data);
          TraceryClient client =
              TraceryClient.connect(server.address(), ClientOptions.defaults())) {
        client.schema(GetSchemaRequest.newBuilder().setEvent("sched/sched_switch").build());
        double second = (System.nanoTime() - begin) / 1e9;
        double megabytes = server.kilobytes("VmRSS") / 1024.0;
        if (i > 0) {
          seconds.add(second);
          started.add(megabytes);
        }
        if (i == 1) {
          stored = client.status().getStoreSizeBytes() / 1048576.0;
          read(client);
          afterReads.add(server.kilobytes("VmRSS") / 1024.0);
        }
        server.stop();
      }
    }
    String with = "%,d kernels, ".formatted(kernels);
    rows.add(Row.below(limit, with + "first answer", "s", new Samples(seconds).median()));
    rows.add(memory(kernels, with + "memory when started", new Samples(started).median()));
    rows.add(memory(kernels, with + "memory after reads", new Samples(afterReads).median()));
    rows.add(Row.of(with + "store", "MiB", stored));
    samples.put(with + "first answer, s", seconds);
    samples.put(with + "memory when started, MiB", started);
    samples.put(with + "memory after reads, MiB", afterReads);
  }

  private static Row memory(int kernels, String what, double megabytes) {
    return kernels == 1000
        ? Row.below(512, what, "MiB", megabytes)
        : Row.of(what, "MiB", megabytes);
  }

  static void read(TraceryClient client) {
    List<Kernel> kernels = new ArrayList<>();
    client.kernels("", 0).forEach(kernels::add);
    int step = Math.max(1, kernels.size() / READ_KERNELS);
    for (int k = 0; k < kernels.size(); k += step) {
      String kernel = kernels.get(k).getId();
      List<KernelEvent> events = new ArrayList<>();
      client.events(kernel, "", 0).forEach(events::add);
      for (int e = 0; e < events.size(); e += events.size() / READ_EVENTS) {
        client.schema(
            GetSchemaRequest.newBuilder()
                .setEvent(events.get(e).getEvent())
                .setKernel(kernel)
                .addParts(SchemaPart.SCHEMA_PART_DESCRIPTOR)
                .addParts(SchemaPart.SCHEMA_PART_DECODE_PLAN)
                .addParts(SchemaPart.SCHEMA_PART_LAYOUT)
                .build());
      }
    }
  }
}
