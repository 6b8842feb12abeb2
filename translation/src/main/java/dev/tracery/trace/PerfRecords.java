package dev.tracery.trace;

import dev.tracery.compiler.input.PerfDataFile;

/// Walks over the records of a `perf.data` in the order in which they lie, and over damage among
/// them to the next that is whole.
final class PerfRecords {

  static final int LOST = 2;
  static final int COMM = 3;
  static final int FORK = 7;
  static final int SAMPLE = 9;
  static final int LOST_SAMPLES = 13;
  static final int HEADER_ATTR = 64;
  static final int HEADER_TRACING_DATA = 66;
  static final int FINISHED_ROUND = 68;
  static final int AUXTRACE = 71;

  static final int HEADER_BYTES = 8;

  /// The highest types of the kernel's records and of perf's own, in Linux 6.17 and with some room.
  private static final int MAX_KERNEL_TYPE = 40;

  private static final int MIN_PERF_TYPE = 64;
  private static final int MAX_PERF_TYPE = 110;

  /// So many headers in a row must be possible for a place to be taken for a record's beginning.
  private static final int CHAIN = 4;

  private static final int ALIGNED_SEARCH = 1 << 18;

  private final String file;
  private final PerfBytes bytes;
  private final TraceProblems problems;
  private final long end;
  private long next;
  private long at;
  private int type;
  private int size;

  PerfRecords(String file, PerfBytes bytes, PerfDataFile.Extent records, TraceProblems problems) {
    this.file = file;
    this.bytes = bytes;
    this.problems = problems;
    this.next = records.offset();
    this.end = records.end();
  }

  /// Goes to the next record.
  boolean advance() {
    if (next >= end) {
      return false;
    }
    if (!isRecord(next, false)) {
      long from = next;
      next = findRecord(from + 8);
      damaged(from, "expected a record, found other bytes", next - from);
      if (next >= end) {
        return false;
      }
    }
    at = next;
    type = bytes.s32(at);
    size = bytes.u16(at + 6);
    next = at + size + bytesAfter();
    return true;
  }

  /// Where the current record begins, at its header.
  long at() {
    return at;
  }

  int type() {
    return type;
  }

  /// With the header.
  int size() {
    return size;
  }

  /// The end of the current record.
  long recordEnd() {
    return at + size;
  }

  /// Where the next record begins.
  long position() {
    return next;
  }

  /// Data that belongs to the current record, but is not counted in its size.
  private long bytesAfter() {
    long after = 0;
    if (type == HEADER_TRACING_DATA && size >= 12) {
      long length = bytes.u32(at + 8);
      after = length + (-length & 7);
    } else if (type == AUXTRACE && size >= 16) {
      after = bytes.u64(at + 8);
    }
    if (after >= 0 && after <= end - recordEnd()) {
      return after;
    }
    damaged(at, "the data after a record of type " + type + " reaches beyond the end", 0);
    return 0;
  }

  /// Takes back that the current record's size is right, since what it holds is not: the next
  /// record is looked for right behind its header.
  void distrustSize() {
    next = findRecord(at + HEADER_BYTES);
  }

  private long findRecord(long from) {
    // Why: records lie at multiples of 8 bytes from each other, but for some that perf itself
    // makes.
    long aligned = findRecord(from, Math.min(end, from + ALIGNED_SEARCH), 8);
    return aligned < 0 ? findRecord(from, end, 1) : aligned;
  }

  /// @return -1 if there is none, or the end if that is reached
  private long findRecord(long from, long to, int step) {
    for (long place = from; place + HEADER_BYTES <= to; place += step) {
      if (isChain(place)) {
        return place;
      }
    }
    return to == end ? end : -1;
  }

  private boolean isChain(long from) {
    long place = from;
    for (int i = 0; i < CHAIN && place != end; i++) {
      if (!isRecord(place, true)) {
        return false;
      }
      place += bytes.u16(place + 6);
    }
    return true;
  }

  private boolean isRecord(long place, boolean strict) {
    if (place + HEADER_BYTES > end) {
      return false;
    }
    int found = bytes.s32(place);
    int length = bytes.u16(place + 6);
    return (found > 0 && found <= MAX_KERNEL_TYPE
            || found >= MIN_PERF_TYPE && found <= MAX_PERF_TYPE)
        && length >= HEADER_BYTES
        && length <= end - place
        && (!strict && found >= MIN_PERF_TYPE || (length & 7) == 0);
  }

  private void damaged(long place, String message, long lost) {
    problems.add(PerfCode.RECORD_DAMAGED.at(file, place, message, ""), lost);
  }
}
