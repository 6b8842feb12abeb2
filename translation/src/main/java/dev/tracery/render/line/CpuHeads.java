package dev.tracery.render.line;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `[%03d]` for each CPU, made once. Not thread-safe.
final class CpuHeads {

  private static final int MOST = 1 << 16;

  private byte[] @Nullable [] heads = new byte[64][];

  byte[] of(int cpu) {
    if (cpu < 0 || cpu >= MOST) {
      return make(cpu);
    }
    if (cpu >= heads.length) {
      heads = Arrays.copyOf(heads, Integer.highestOneBit(cpu) * 2);
    }
    byte[] head = heads[cpu];
    if (head == null) {
      head = make(cpu);
      heads[cpu] = head;
    }
    return head;
  }

  private static byte[] make(int cpu) {
    return String.format(Locale.ROOT, "[%03d]", cpu).getBytes(StandardCharsets.US_ASCII);
  }
}
