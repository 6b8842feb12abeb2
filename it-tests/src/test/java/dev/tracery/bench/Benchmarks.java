package dev.tracery.bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Runs the benchmarks that its arguments name, all of them without arguments. `run-benchmarks` at
/// the top of the project starts it.
///
/// Results go to `target/benchmarks`: `NAME.json` for each, and `summary.md` for the run.
public final class Benchmarks {

  private static final Path FOLDER = Path.of("target", "benchmarks").toAbsolutePath();

  private interface Benchmark {
    Report run(Path folder) throws Exception;
  }

  private static final Map<String, Benchmark> ALL = new LinkedHashMap<>();

  static {
    ALL.put("compile", CompileRun::run);
    ALL.put("register", RegisterRun::run);
    ALL.put("check", CheckRun::run);
    ALL.put("read", ReadRun::run);
    ALL.put("negotiate", NegotiateRun::run);
    ALL.put("translate", TranslateRun::run);
    ALL.put("bundle", BundleRun::run);
    ALL.put("report", ReportRun::run);
    ALL.put("start", StartRun::run);
    ALL.put("clients", ClientsRun::run);
    ALL.put("cluster-register", ClusterRegisterRun::run);
    ALL.put("cluster-visible", ClusterVisibleRun::run);
    ALL.put("cluster-start", ClusterStartRun::run);
    ALL.put("cluster-negotiate", ClusterNegotiateRun::run);
    ALL.put("fleet", FleetRun::run);
  }

  // Several under one name.
  private static final String CLUSTER = "cluster";

  private Benchmarks() {}

  public static void main(String[] arguments) throws Exception {
    List<String> names =
        arguments.length == 0
            ? List.copyOf(ALL.keySet())
            : Arrays.stream(arguments).flatMap(Benchmarks::named).toList();
    for (String name : names) {
      if (!ALL.containsKey(name)) {
        System.err.println(
            "There is no benchmark " + name + "; there are: " + ALL.keySet() + " and " + CLUSTER);
        System.exit(2);
      }
    }
    PrintStream progress = System.err;
    Machine machine = Machine.thisOne();
    String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Files.createDirectories(FOLDER);
    List<Report> reports = new ArrayList<>();
    for (String name : names) {
      progress.println("== " + name);
      Report report = Objects.requireNonNull(ALL.get(name)).run(FOLDER);
      report.write(FOLDER, time, machine);
      reports.add(report);
      Files.writeString(FOLDER.resolve("summary.md"), summary(time, machine, reports));
      progress.println(report.markdown());
    }
    System.out.println(summary(time, machine, reports));
  }

  /// The benchmark of this name, or those whose names begin with it.
  private static Stream<String> named(String name) {
    return name.equals(CLUSTER)
        ? ALL.keySet().stream().filter(other -> other.startsWith(CLUSTER + "-"))
        : Stream.of(name);
  }

  private static String summary(String time, Machine machine, List<Report> reports) {
    StringBuilder out = new StringBuilder("# Benchmarks of ");
    out.append(time).append("\n\n").append(machine).append("\n\n");
    reports.forEach(report -> out.append(report.markdown()));
    return out.toString();
  }
}
