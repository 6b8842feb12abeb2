package dev.tracery.fault;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The long run, `./run-faults`: prints the plan, what was done and what was found. Exit status 1
/// where a promise was not kept; the history is kept then, and what the servers had.
public final class Faults {

  private static final Path FOLDER = Path.of("target", "faults").toAbsolutePath();
  private static final String USAGE =
      "usage: run-faults [--seed N] [--faults N] [--kills N] [--store postgres|sqlite|both]";
  private static final int WORKERS = 6;
  private static final int JUDGEMENTS = 400;

  private Faults() {}

  public static void main(String[] arguments) throws Exception {
    long seed = System.nanoTime() & 0xffff;
    int faults = 50;
    int kills = 200;
    String store = "both";
    try {
      for (int i = 0; i < arguments.length; i += 2) {
        String value = arguments[i + 1];
        switch (arguments[i]) {
          case "--seed" -> seed = Long.parseLong(value);
          case "--faults" -> faults = Integer.parseInt(value);
          case "--kills" -> kills = Integer.parseInt(value);
          case "--store" -> store = value;
          default -> throw new IllegalArgumentException(arguments[i]);
        }
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
      wrongUse();
    }
    List<FaultRun> runs = new ArrayList<>();
    switch (store) {
      case "postgres" -> addPostgres(runs, seed, faults);
      case "sqlite" -> runs.add(run(Setup.SQLITE, seed, kills));
      case "both" -> {
        addPostgres(runs, seed, faults);
        runs.add(run(Setup.SQLITE, seed, kills));
      }
      default -> wrongUse();
    }
    boolean allKept = true;
    for (FaultRun run : runs) {
      System.err.println(run.setup() + ", " + run.plan());
      FaultReport report = run.run();
      System.out.println(report);
      if (!report.violations().isEmpty()) {
        System.out.println("The history and the servers' data are in " + run.folder());
        allKept = false;
      }
    }
    System.exit(allKept ? 0 : 1);
  }

  /// Half of the faults each without and with a replica, and some where losses are allowed.
  private static void addPostgres(List<FaultRun> runs, long seed, int faults) {
    runs.add(run(Setup.POSTGRES, seed, (faults + 1) / 2));
    runs.add(run(Setup.REPLICA, seed, (faults + 1) / 2));
    runs.add(run(Setup.LAGGING_REPLICA, seed, Math.max(2, faults / 10)));
  }

  private static FaultRun run(Setup setup, long seed, int faults) {
    return new FaultRun(
        setup,
        setup.plan(seed, faults),
        WORKERS,
        JUDGEMENTS,
        FOLDER.resolve(setup + "-" + seed),
        System.err::println);
  }

  private static void wrongUse() {
    System.err.println(USAGE);
    System.exit(2);
  }
}
