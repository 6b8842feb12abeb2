package dev.tracery.trace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One line of `perf script`.
record PerfScriptLine(String comm, int tid, int cpu, long microseconds, String event, String text) {

  private static final Pattern LINE =
      Pattern.compile(
          " *(.+?) +(-?\\d+) \\[(\\d{3,})\\] +(\\d+)\\.(\\d{6}): +([^ :]+):([^ :]+): ?(.*)");

  static PerfScriptLine parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(line);
    }
    return new PerfScriptLine(
        parts.group(1),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)),
        Long.parseLong(parts.group(4)) * 1_000_000 + Long.parseLong(parts.group(5)),
        parts.group(6) + "/" + parts.group(7),
        parts.group(8));
  }

  /// Without what the print format makes.
  PerfScriptLine withoutText() {
    return new PerfScriptLine(comm, tid, cpu, microseconds, event, "");
  }
}
