package dev.tracery.trace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Merges the records of CPUs by time: a heap of the CPUs by their next record. A run of records of
/// one CPU costs a comparison for each.
final class MergedCursor implements RecordCursor {

  private final List<CpuStream> streams;
  private final long aside;
  private final Runnable whenClosed;
  private CpuStream[] heap = new CpuStream[0];
  private int size;
  private boolean started;
  private boolean drained;

  /// The earliest time at which another CPU may come before the first of the heap.
  private long rivalTime;

  /// @param aside bytes of the input that are no records'
  MergedCursor(List<CpuStream> streams, long aside, Runnable whenClosed) {
    this.streams = List.copyOf(streams);
    this.aside = aside;
    this.whenClosed = whenClosed;
  }

  @Override
  public boolean advance() throws IOException {
    if (!started) {
      return start();
    }
    if (size == 0) {
      return false;
    }
    CpuStream top = heap[0];
    if (top.advance()) {
      if (top.timestamp() < rivalTime) {
        return true;
      }
    } else {
      heap[0] = heap[--size];
      if (size == 0) {
        return end();
      }
    }
    sink(0);
    findRival();
    return true;
  }

  private boolean start() throws IOException {
    started = true;
    List<CpuStream> wanted = new ArrayList<>();
    for (CpuStream stream : streams) {
      if (stream.isWanted() && stream.advance()) {
        wanted.add(stream);
      }
    }
    heap = wanted.toArray(CpuStream[]::new);
    size = heap.length;
    if (size == 0) {
      return end();
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i);
    }
    findRival();
    return true;
  }

  /// Looks at what the filter left out: its damage is told all the same.
  private boolean end() throws IOException {
    if (!drained) {
      drained = true;
      for (CpuStream stream : streams) {
        if (!stream.isWanted()) {
          stream.drain();
        }
      }
    }
    return false;
  }

  private void sink(int from) {
    CpuStream moving = heap[from];
    int at = from;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
        child++;
      }
      if (!heap[child].isBefore(moving)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moving;
  }

  private void findRival() {
    long rival = Long.MAX_VALUE;
    for (int i = 1; i < Math.min(size, 3); i++) {
      rival = Math.min(rival, heap[i].timestamp());
    }
    rivalTime = rival;
  }

  @Override
  public long timestamp() {
    return heap[0].timestamp();
  }

  @Override
  public int cpu() {
    return heap[0].cpu();
  }

  @Override
  public int buffer() {
    return heap[0].buffer();
  }

  @Override
  public byte[] bytes() {
    return heap[0].bytes();
  }

  @Override
  public int offset() {
    return heap[0].offset();
  }

  @Override
  public int length() {
    return heap[0].length();
  }

  @Override
  public long lostBefore() {
    return heap[0].lostBefore();
  }

  @Override
  public long bytesRead() {
    long bytes = aside;
    for (CpuStream stream : streams) {
      bytes += stream.consumed();
    }
    return bytes;
  }

  @Override
  public void close() {
    whenClosed.run();
  }
}
