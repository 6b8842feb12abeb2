package dev.tracery.trace;

import java.util.Arrays;

/// Records that wait for their turn: the earliest first; at one time the lower CPU, then the one
/// that comes first in the file. A binary heap without an object per record.
final class PerfQueue {

  /// Two rounds of 256 CPUs with the usual buffers of 512 KiB have about 2.6 million samples of 100
  /// bytes. So many records take 80 MiB.
  static final int MAX = 1 << 22;

  private final int max;
  private long[] times = new long[1024];
  private int[] cpus = new int[1024];
  private long[] offsets = new long[1024];
  private int size;

  PerfQueue(int max) {
    this.max = max;
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean isFull() {
    return size == max;
  }

  /// The earliest record's time.
  long time() {
    return times[0];
  }

  /// Where in the file the earliest record begins.
  long offset() {
    return offsets[0];
  }

  void add(long time, int cpu, long offset) {
    if (size == times.length) {
      int to = Math.min(size * 2, max);
      times = Arrays.copyOf(times, to);
      cpus = Arrays.copyOf(cpus, to);
      offsets = Arrays.copyOf(offsets, to);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (!isBefore(time, cpu, offset, parent)) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    set(at, time, cpu, offset);
  }

  /// Drops the earliest record.
  void remove() {
    size--;
    long time = times[size];
    int cpu = cpus[size];
    long offset = offsets[size];
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size
          && isBefore(times[child + 1], cpus[child + 1], offsets[child + 1], child)) {
        child++;
      }
      if (isBefore(time, cpu, offset, child)) {
        break;
      }
      move(child, at);
      at = child;
    }
    set(at, time, cpu, offset);
  }

  private boolean isBefore(long time, int cpu, long offset, int other) {
    if (time != times[other]) {
      return time < times[other];
    }
    return cpu != cpus[other] ? cpu < cpus[other] : offset < offsets[other];
  }

  private void move(int from, int to) {
    times[to] = times[from];
    cpus[to] = cpus[from];
    offsets[to] = offsets[from];
  }

  private void set(int at, long time, int cpu, long offset) {
    times[at] = time;
    cpus[at] = cpu;
    offsets[at] = offset;
  }
}
