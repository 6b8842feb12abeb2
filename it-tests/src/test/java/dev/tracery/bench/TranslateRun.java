package dev.tracery.bench;

import dev.tracery.it.SampleKernel;
import dev.tracery.model.EventName;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Translates pages of the ring buffer to protobuf, with generated classes and with the
/// interpreter, beside libtraceevent printing the same pages; and makes a whole kernel's bundle.
/// What `tracery translate` takes to write text is in [ReportRun].
final class TranslateRun {

  private static final int WARM_UP = 12;
  private static final int ROUNDS = 15;
  private static final int BUNDLES = 7;
  private static final double MILLION = 1e6;
  private static final String BUNDLE_KERNEL = "debian-trixie-6.12.117-amd64";

  private record Round(double eventsPerSecond, double allocatedPerEvent) {}

  private TranslateRun() {}

  /// A program that answers each line with a round.
  private record Program(String name, Process process, BufferedReader answers) {

    static Program start(String name, List<String> command) throws IOException {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new Program(name, process, process.inputReader(StandardCharsets.US_ASCII));
    }

    Round round() throws IOException {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      String line = answers.readLine();
      if (line == null) {
        throw new IOException(name + " ended");
      }
      String[] numbers = line.split(" ");
      double events = Double.parseDouble(numbers[1]);
      return new Round(
          events / Double.parseDouble(numbers[0]) * 1e9,
          numbers.length > 3 ? Double.parseDouble(numbers[3]) / events : 0);
    }
  }

  static Report run(Path folder) throws IOException, InterruptedException {
    TranslatePages.write(folder);
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put("libtraceevent", peer(folder));
    for (String pages : List.of("sched", "mixed", "merged")) {
      for (String how : List.of("generated", "interpreted")) {
        String name = pages + ", " + how;
        programs.put(name, Program.start(name, loop(folder, pages, how)));
      }
    }
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    Map<String, Double> allocated = new LinkedHashMap<>();
    try {
      for (int i = 0; i < WARM_UP + ROUNDS; i++) {
        for (Program program : programs.values()) {
          Round round = program.round();
          if (i >= WARM_UP) {
            samples
                .computeIfAbsent(program.name, _ -> new ArrayList<>())
                .add(round.eventsPerSecond / MILLION);
            allocated.merge(program.name, round.allocatedPerEvent, Math::min);
          }
        }
      }
    } finally {
      programs.values().forEach(program -> program.process.destroy());
    }
    List<Row> rows = new ArrayList<>();
    speeds(rows, samples);
    for (String pages : List.of("sched", "mixed")) {
      double bytes = Objects.requireNonNull(allocated.get(pages + ", generated"));
      rows.add(
          new Row(
              pages + ", generated: allocated per event",
              "bytes",
              bytes,
              null,
              new Row.Target("none", bytes == 0)));
    }
    bundle(folder, rows, samples);
    return new Report(
        "translate",
        "Pages of the ring buffer to protobuf, one thread",
        List.of(
            "Records of %s. sched: pages of nothing but sched_switch; mixed: the pages of a trace of all events; merged: the same through the cursor that merges the CPUs by time."
                .formatted(TranslatePages.KERNEL),
            "Each event becomes an envelope and a message in batches of 64 KiB. The peer prints the pages of sched with the columns of trace-cmd report.",
            "%d rounds after %d to warm up, all programs in turn, each pinned to one core; what counts is the CPU time of the thread."
                .formatted(ROUNDS, WARM_UP),
            "The bundle: %s in a new JVM and Felix, elapsed time, median of %d."
                .formatted(BUNDLE_KERNEL, BUNDLES)),
        rows,
        samples);
  }

  private static void speeds(List<Row> rows, Map<String, List<Double>> samples) {
    double peer = median(samples, "libtraceevent");
    double sched = median(samples, "sched, generated");
    rows.add(
        new Row(
            "sched, generated",
            "million events/s",
            sched,
            new Row.Peer("libtraceevent", peer, sched / peer),
            new Row.Target(
                "at least 20 million/s and 10 times the peer", sched >= 20 && sched / peer >= 10)));
    double mixed = median(samples, "mixed, generated");
    rows.add(
        new Row(
            "mixed, generated",
            "million events/s",
            mixed,
            null,
            new Row.Target("at least 15 million/s", mixed >= 15)));
    rows.add(Row.of("merged, generated", "million events/s", median(samples, "merged, generated")));
    for (String pages : List.of("sched", "mixed", "merged")) {
      double interpreted = median(samples, pages + ", interpreted");
      double generated = median(samples, pages + ", generated");
      rows.add(
          new Row(
              pages + ", interpreted",
              "million events/s",
              interpreted,
              new Row.Peer("generated", generated, interpreted / generated),
              new Row.Target(
                  "at least a third of the generated class", interpreted / generated >= 1.0 / 3)));
    }
  }

  private static double median(Map<String, List<Double>> samples, String name) {
    return new Samples(Objects.requireNonNull(samples.get(name))).median();
  }

  private static void bundle(Path folder, List<Row> rows, Map<String, List<Double>> samples)
      throws IOException, InterruptedException {
    List<Double> compiling = new ArrayList<>();
    List<Double> starting = new ArrayList<>();
    for (int i = 0; i < BUNDLES; i++) {
      List<String> command =
          java(List.of(), BundleStart.class, BUNDLE_KERNEL, folder.resolve("felix").toString());
      String[] numbers = LibtraceeventPeer.run(command).strip().split(" ");
      compiling.add(Double.parseDouble(numbers[0]) / 1e9);
      starting.add(
          (Double.parseDouble(numbers[1])
                  + Double.parseDouble(numbers[2])
                  + Double.parseDouble(numbers[3]))
              / 1e9);
    }
    rows.add(
        Row.below(
            1.5,
            "a whole kernel's bundle: made, installed, first event translated",
            "s",
            new Samples(starting).median()));
    rows.add(
        Row.of(
            "before it, where the kernel's plans are not there yet: all formats compiled, cold",
            "s",
            new Samples(compiling).median()));
    samples.put("bundle, s", starting);
    samples.put("formats, s", compiling);
  }

  private static List<String> loop(Path folder, String pages, String how) {
    return java(pinned(), TranslateLoop.class, folder.toString(), pages, how);
  }

  private static List<String> java(List<String> before, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Program peer(Path folder) throws IOException, InterruptedException {
    Path program = folder.resolve("print_pages");
    List<String> compile = new ArrayList<>(List.of("cc", "-O2", "-o", program.toString()));
    compile.add(Path.of("src", "bench", "c", "print_pages.c").toString());
    compile.addAll(
        List.of(
            LibtraceeventPeer.run(List.of("pkg-config", "--cflags", "--libs", "libtraceevent"))
                .split("\\s+")));
    LibtraceeventPeer.run(compile);
    Path format = folder.resolve("sched_switch.format");
    Files.write(
        format,
        Objects.requireNonNull(
            SampleKernel.read(TranslatePages.KERNEL)
                .formats()
                .get(new EventName("sched", "sched_switch"))));
    List<String> command = new ArrayList<>(pinned());
    command.addAll(
        List.of(
            program.toString(),
            format.toString(),
            "sched",
            TranslatePages.pages(folder, "sched", 0).toString()));
    return Program.start("libtraceevent", command);
  }

  /// What pins a program to one core; nothing where there is no `taskset`.
  private static List<String> pinned() {
    return Files.isExecutable(Path.of("/usr/bin/taskset"))
        ? List.of("taskset", "-c", "0")
        : List.of();
  }
}
