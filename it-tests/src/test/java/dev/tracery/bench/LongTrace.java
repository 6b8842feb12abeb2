package dev.tracery.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes a long trace of a short one: a `trace.dat` of version 6 whose pages come again and again,
/// each time later than the last.
final class LongTrace {

  private static final int MAGIC_BYTES = 10;
  private static final int TAG_BYTES = 10;
  private static final long PAUSE_NANOS = 200_000_000;

  private final byte[] bytes;
  private final ByteBuffer in;
  private int pageSize;
  private int cpuCount;

  private record Place(long offset, int size) {}

  private LongTrace(byte[] bytes) {
    this.bytes = bytes;
    this.in = ByteBuffer.wrap(bytes).position(MAGIC_BYTES);
  }

  /// Writes the trace `original` so many times over.
  static void write(byte[] original, int times, Path to) throws IOException {
    new LongTrace(original).write(times, to);
  }

  private void write(int times, Path to) throws IOException {
    int table = findTable();
    List<Place> cpus = new ArrayList<>();
    in.position(table);
    for (int cpu = cpuCount; cpu > 0; cpu--) {
      cpus.add(new Place(in.getLong(), (int) in.getLong()));
    }
    long duration = duration(cpus) + PAUSE_NANOS;
    try (RandomAccessFile out = new RandomAccessFile(to.toFile(), "rw")) {
      out.setLength(0);
      out.write(bytes, 0, table);
      long offset = (in.position() + pageSize - 1L) / pageSize * pageSize;
      ByteBuffer places = ByteBuffer.allocate(cpus.size() * 16).order(in.order());
      for (Place cpu : cpus) {
        places.putLong(offset).putLong((long) cpu.size * times);
        offset += (long) cpu.size * times;
      }
      out.write(places.array());
      out.seek((in.position() + pageSize - 1L) / pageSize * pageSize);
      for (Place cpu : cpus) {
        for (int round = 0; round < times; round++) {
          out.write(later(cpu, round * duration));
        }
      }
    }
  }

  /// Goes through the sections before the pages (trace-cmd.dat.v6.5).
  private int findTable() {
    if (!word().equals("6")) {
      throw new IllegalArgumentException("not a trace.dat of version 6");
    }
    in.order(in.get() == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    in.get();
    pageSize = in.getInt();
    for (int header = 0; header < 2; header++) {
      word();
      skip(in.getLong());
    }
    for (int formats = in.getInt(); formats > 0; formats--) {
      skip(in.getLong());
    }
    for (int systems = in.getInt(); systems > 0; systems--) {
      word();
      for (int formats = in.getInt(); formats > 0; formats--) {
        skip(in.getLong());
      }
    }
    skip(in.getInt());
    skip(in.getInt());
    skip(in.getLong());
    cpuCount = in.getInt();
    if (tag().equals("options  ")) {
      while (in.getShort() != 0) {
        skip(in.getInt());
      }
      tag();
    }
    return in.position();
  }

  private String word() {
    int from = in.position();
    while (in.get() != 0) {
      continue;
    }
    return new String(bytes, from, in.position() - 1 - from, StandardCharsets.US_ASCII);
  }

  private String tag() {
    skip(TAG_BYTES);
    return new String(bytes, in.position() - TAG_BYTES, TAG_BYTES - 1, StandardCharsets.US_ASCII);
  }

  private void skip(long count) {
    in.position(Math.toIntExact(in.position() + count));
  }

  private long duration(List<Place> cpus) {
    long first = Long.MAX_VALUE;
    long last = 0;
    for (Place cpu : cpus) {
      for (int at = 0; at < cpu.size; at += pageSize) {
        long time = in.getLong(Math.toIntExact(cpu.offset + at));
        first = Math.min(first, time);
        last = Math.max(last, time);
      }
    }
    return last - first;
  }

  private byte[] later(Place cpu, long by) {
    ByteBuffer pages = ByteBuffer.allocate(cpu.size).order(in.order());
    pages.put(bytes, Math.toIntExact(cpu.offset), cpu.size);
    for (int at = 0; at < cpu.size; at += pageSize) {
      pages.putLong(at, pages.getLong(at) + by);
    }
    return pages.array();
  }
}
