package dev.tracery.bench;

import dev.tracery.client.negotiate.Needs;
import dev.tracery.consumer.Consumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What starts on the hosts of a fleet in a day, and how many questions follow from it by
/// arithmetic alone. The same numbers are in `docs/sizing.md`.
final class FleetModel {

  static final int DAY_MINUTES = 24 * 60;

  /// How a tool is started.
  enum Rhythm {
    /// At fixed times, as by cron.
    REGULAR,
    /// At any time, as by people.
    RANDOM
  }

  /// A tool that hosts start.
  ///
  /// @param share of the hosts that have it, from 0 to 1
  /// @param startsADay on each of them
  /// @param events how many events it needs
  /// @param refused whether it needs what no kernel has
  record Tool(
      String name, Rhythm rhythm, double share, double startsADay, int events, boolean refused) {

    /// What a version of it needs.
    Consumer needs(int version) {
      Needs needs = Needs.of(name, "1." + version);
      for (int i = 0; i < events; i++) {
        String[] event = NegotiateRun.EVENTS.get(i).split(":");
        needs.require(event[0], event[1].split(","));
      }
      if (refused) {
        needs.require("sched/sched_switch", "no_kernel_has_this");
      }
      return needs.toConsumer();
    }

    /// Whether a host has the tool.
    boolean isOn(int host, int hosts) {
      return host < Math.round(share * hosts);
    }

    /// Whether it starts in this minute.
    boolean starts(int host, int minute, Random random) {
      return switch (rhythm) {
        case REGULAR -> {
          int every = (int) Math.round(DAY_MINUTES / startsADay);
          yield Math.floorMod(minute + host * 37, every) == 0;
        }
        case RANDOM -> random.nextDouble() < startsADay / DAY_MINUTES;
      };
    }

    /// How many times a day one host asks the registry: a regular tool at the first start after
    /// each cache lifetime, one that starts at any time after the lifetime and the wait for the
    /// next start, one that is refused always.
    double questionsADay(double cacheMinutes) {
      double between = DAY_MINUTES / startsADay;
      if (refused) {
        return startsADay;
      }
      return switch (rhythm) {
        case REGULAR -> DAY_MINUTES / (between * Math.ceil(cacheMinutes / between));
        case RANDOM -> DAY_MINUTES / (cacheMinutes + between);
      };
    }
  }

  private FleetModel() {}

  /// A monitor that cron starts every 5 minutes, three daemons that are restarted once a day, six
  /// tools of people, and one tool that some hosts try in vain.
  static List<Tool> tools() {
    List<Tool> tools = new ArrayList<>();
    tools.add(new Tool("fleet-monitor", Rhythm.REGULAR, 1, 288, 3, false));
    for (int i = 0; i < 3; i++) {
      tools.add(new Tool("fleet-daemon-" + i, Rhythm.REGULAR, 1, 1, 5, false));
    }
    for (int i = 0; i < 6; i++) {
      tools.add(new Tool("fleet-tool-" + i, Rhythm.RANDOM, 1, 1.5, 1 + i % 5, false));
    }
    tools.add(new Tool("fleet-refused", Rhythm.REGULAR, 0.01, 24, 2, true));
    return tools;
  }

  /// Questions that roll-outs add: what was kept for the old version or kernel is of no use for the
  /// new one, and half a lifetime of it is lost on average, if there was any.
  ///
  /// @param toolShare of the hosts get a new version of the tool that starts most
  /// @param kernelShare of the hosts get a new kernel
  static double rollOutQuestions(
      int hosts, double toolShare, double kernelShare, double cacheMinutes) {
    List<Tool> kept = tools().stream().filter(tool -> !tool.refused()).toList();
    double ofAll = kept.stream().mapToDouble(tool -> lost(tool, cacheMinutes)).sum();
    return hosts * (toolShare * lost(kept.getFirst(), cacheMinutes) + kernelShare * ofAll);
  }

  private static double lost(Tool tool, double cacheMinutes) {
    double between = DAY_MINUTES / tool.startsADay();
    return tool.share() * Math.min(1, cacheMinutes / between) / 2;
  }

  /// Questions of the whole fleet in a day without roll-outs.
  static double questionsADay(int hosts, double cacheMinutes) {
    return tools().stream()
        .mapToDouble(tool -> Math.round(tool.share() * hosts) * tool.questionsADay(cacheMinutes))
        .sum();
  }
}
