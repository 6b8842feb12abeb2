package dev.tracery.trace;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the threads are called at one moment, as `PERF_RECORD_COMM` and `PERF_RECORD_FORK` tell.
final class PerfCommands {

  /// As many as a kernel can have ids of at once by default on a machine with up to 1,024 CPUs.
  private static final int MAX = 1 << 20;

  /// The kernel's names have at most 15 bytes.
  private static final int MAX_BYTES = 64;

  private final Map<Integer, byte[]> names = new HashMap<>();
  private boolean full;

  PerfCommands() {
    names.put(0, "swapper".getBytes(StandardCharsets.US_ASCII));
  }

  /// Whether a name was not taken because there were too many.
  boolean isFull() {
    return full;
  }

  byte @Nullable [] of(int tid) {
    return names.get(tid);
  }

  /// Takes a `PERF_RECORD_COMM` or `PERF_RECORD_FORK`.
  void take(PerfBytes bytes, int type, long at, long end) {
    long body = at + PerfRecords.HEADER_BYTES;
    if (type == PerfRecords.COMM && body + 8 <= end) {
      put(bytes.s32(body + 4), bytes.cString(body + 8, Math.min(end, body + 8 + MAX_BYTES)));
    } else if (type == PerfRecords.FORK && body + 16 <= end) {
      byte[] parent = names.get(bytes.s32(body + 12));
      if (parent != null) {
        put(bytes.s32(body + 8), parent);
      }
    }
  }

  private void put(int tid, byte[] name) {
    if (names.size() < MAX || names.containsKey(tid)) {
      names.put(tid, name);
    } else {
      full = true;
    }
  }
}
