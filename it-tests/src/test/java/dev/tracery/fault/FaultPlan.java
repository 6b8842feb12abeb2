package dev.tracery.fault;

import dev.tracery.fault.Fault.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Which faults come when. The same seed, number and kinds give the same plan.
record FaultPlan(long seed, List<Step> steps) {

  private static final double TOGETHER = 0.25;

  /// Faults that begin together.
  ///
  /// @param pauseMillis how long nothing is wrong before
  record Step(long pauseMillis, List<Fault> faults) {}

  /// How long things last, in milliseconds.
  record Times(long leastPause, long mostPause, long leastFault, long mostFault) {
    /// Of servers over a database.
    static final Times OF_CLUSTER = new Times(300, 2_000, 200, 5_000);

    /// Of one server that is killed again and again: from before its first write to the middle of
    /// many.
    static final Times OF_KILLS = new Times(20, 1_500, 0, 1);
  }

  /// Each kind comes as often as every other, in an order of the seed's; a quarter of the faults
  /// comes together with the one before.
  static FaultPlan of(long seed, int faults, Collection<Kind> kinds, int servers, Times times) {
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    List<Kind> deck = new ArrayList<>();
    for (int made = 0; made < faults; made++) {
      if (deck.isEmpty()) {
        deck.addAll(kinds);
        Collections.shuffle(deck, random);
      }
      Fault fault =
          new Fault(
              deck.removeLast(),
              random.nextInt(servers),
              random.nextLong(times.leastFault, times.mostFault));
      long pause = random.nextLong(times.leastPause, times.mostPause);
      if (random.nextDouble() < TOGETHER && !steps.isEmpty() && fits(steps.getLast(), fault)) {
        steps.getLast().faults.add(fault);
      } else {
        steps.add(new Step(pause, new ArrayList<>(List.of(fault))));
      }
    }
    return new FaultPlan(seed, List.copyOf(steps));
  }

  /// Two at once, of different kinds. A database that is stopped, started and promoted at the same
  /// time is no fault but a mistake.
  private static boolean fits(Step step, Fault fault) {
    Fault other = step.faults.getFirst();
    return step.faults.size() == 1
        && other.kind() != fault.kind()
        && !(isOfDatabase(other.kind()) && isOfDatabase(fault.kind()));
  }

  private static boolean isOfDatabase(Kind kind) {
    return switch (kind) {
      case STOP_DATABASE,
          KILL_DATABASE,
          PAUSE_DATABASE,
          PAUSE_REPLICA,
          LET_REPLICA_FALL_BEHIND,
          PROMOTE_REPLICA ->
          true;
      case KILL_SERVER,
          STOP_SERVER,
          PAUSE_SERVER,
          CUT_CLIENTS,
          REFUSE_CLIENTS,
          SILENCE_CLIENTS,
          CUT_DATABASE,
          REFUSE_DATABASE,
          SILENCE_DATABASE,
          SLOW_DATABASE ->
          false;
    };
  }

  /// How many faults there are.
  int size() {
    return steps.stream().mapToInt(step -> step.faults.size()).sum();
  }

  /// One line for each fault.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("seed " + seed + ", " + size() + " faults\n");
    int number = 0;
    for (Step step : steps) {
      String when = String.format(Locale.ROOT, "after %.1f s", step.pauseMillis / 1e3);
      for (Fault fault : step.faults) {
        out.append(String.format(Locale.ROOT, "%4d  %-13s %s%n", ++number, when, fault));
        when = "  with it";
      }
    }
    return out.toString();
  }
}
