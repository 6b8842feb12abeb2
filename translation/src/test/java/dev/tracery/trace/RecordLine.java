package dev.tracery.trace;

import dev.tracery.model.ByteOrder;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a record is known by: `1.234567 [001] 42 sched_switch`.
final class RecordLine {

  // Why: names of processes may have blanks and hyphens in them.
  private static final Pattern REPORT =
      Pattern.compile("^.{1,}?-(\\d+) +\\[(\\d+)\\] +(\\d+\\.\\d+): ([^ :]+):.*", Pattern.DOTALL);

  private RecordLine() {}

  /// Of a line of `trace-cmd report`; null if it is none.
  static @org.jspecify.annotations.Nullable String ofReport(String line) {
    Matcher found = REPORT.matcher(line);
    return found.matches()
        ? found.group(3) + " [" + found.group(2) + "] " + found.group(1) + " " + found.group(4)
        : null;
  }

  static String of(RecordCursor at, ByteOrder order, Map<Integer, String> names) {
    // Why: trace-cmd rounds nanoseconds to the nearest microsecond.
    long micros = (at.timestamp() + 500) / 1000;
    return "%d.%06d [%03d] %d %s"
        .formatted(
            micros / 1_000_000,
            micros % 1_000_000,
            at.cpu(),
            pid(at, order),
            names.get(type(at, order)));
  }

  static int type(RecordCursor at, ByteOrder order) {
    byte[] bytes = at.bytes();
    int first = bytes[at.offset()] & 0xff;
    int second = bytes[at.offset() + 1] & 0xff;
    return order == ByteOrder.BIG_ENDIAN ? first << 8 | second : second << 8 | first;
  }

  private static int pid(RecordCursor at, ByteOrder order) {
    int pid = 0;
    for (int i = 0; i < 4; i++) {
      int from = order == ByteOrder.BIG_ENDIAN ? i : 3 - i;
      pid = pid << 8 | (at.bytes()[at.offset() + 4 + from] & 0xff);
    }
    return pid;
  }
}
