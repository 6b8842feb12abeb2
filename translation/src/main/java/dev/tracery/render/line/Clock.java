package dev.tracery.render.line;

import java.util.Set;

/// What a trace's clock counts.
final class Clock {

  /// The clocks that count nanoseconds (kernel/trace/trace.c, trace_clocks); the others count
  /// cycles or events.
  private static final Set<String> NANOSECONDS =
      Set.of("local", "global", "uptime", "perf", "mono", "mono_raw", "boot", "tai");

  private Clock() {}

  /// Whether the clock counts nanoseconds, as nearly all do: one without a name is the default.
  static boolean inNanoseconds(String clock) {
    return clock.isEmpty() || NANOSECONDS.contains(clock);
  }
}
