package dev.tracery.trace;

/// The parts of one record that are of use, in the reader's hands until the next is read. Absent
/// parts are 0.
final class PerfSample {

  private static final long READ_ENABLED = 1;
  private static final long READ_RUNNING = 2;
  private static final long READ_ID = 4;
  private static final long READ_GROUP = 8;
  private static final long READ_LOST = 16;

  /// No kernel has so many CPUs (`CONFIG_NR_CPUS` is 8,192 at most, in Linux 6.12).
  private static final int MAX_CPUS = 65_536;

  private final PerfBytes bytes;

  long time;
  int cpu;
  int tid;
  long rawAt;
  int rawLength;

  PerfSample(PerfBytes bytes) {
    this.bytes = bytes;
  }

  /// Reads a sample.
  ///
  /// @param body where it begins, after its header
  /// @param end where it ends
  /// @return false if it ends too early, or holds what cannot be
  boolean readSample(PerfAttribute attribute, long body, long end) {
    clear();
    long at = body + (attribute.has(PerfAttribute.IDENTIFIER) ? 8 : 0);
    at += attribute.has(PerfAttribute.IP) ? 8 : 0;
    if (attribute.has(PerfAttribute.TID)) {
      if (at + 8 > end) {
        return false;
      }
      tid = bytes.s32(at + 4);
      at += 8;
    }
    if (attribute.has(PerfAttribute.TIME)) {
      if (at + 8 > end) {
        return false;
      }
      time = bytes.u64(at);
      at += 8;
    }
    at +=
        8
            * Long.bitCount(
                attribute.sampleType()
                    & (PerfAttribute.ADDR | PerfAttribute.ID | PerfAttribute.STREAM_ID));
    if (attribute.has(PerfAttribute.CPU)) {
      if (at + 8 > end) {
        return false;
      }
      cpu = bytes.s32(at);
      at += 8;
    }
    at += attribute.has(PerfAttribute.PERIOD) ? 8 : 0;
    if (attribute.has(PerfAttribute.READ)) {
      at = afterRead(attribute.readFormat(), at, end);
    }
    if (attribute.has(PerfAttribute.CALLCHAIN)) {
      at = afterCounted(8, at, end);
    }
    return cpu >= 0
        && cpu < MAX_CPUS
        && (!attribute.has(PerfAttribute.RAW) || raw(attribute, at, end));
  }

  private void clear() {
    time = 0;
    cpu = 0;
    tid = 0;
    rawAt = 0;
    rawLength = 0;
  }

  private boolean raw(PerfAttribute attribute, long at, long end) {
    if (at < 0 || at + 4 > end) {
      return false;
    }
    long length = bytes.u32(at);
    rawAt = at + 4;
    rawLength = (int) length;
    return attribute.endsWithRaw() ? length == end - rawAt : length <= end - rawAt;
  }

  /// The end of what `PERF_SAMPLE_READ` has; -1 if it is beyond the record's.
  private long afterRead(long format, long at, long end) {
    int times = 8 * Long.bitCount(format & (READ_ENABLED | READ_RUNNING));
    int each = 8 + 8 * Long.bitCount(format & (READ_ID | READ_LOST));
    if ((format & READ_GROUP) == 0) {
      return at + times + each;
    }
    if (at + 8 > end) {
      return -1;
    }
    long count = bytes.u64(at);
    long first = at + 8 + times;
    return count < 0 || count > (end - at) / each ? -1 : first + count * each;
  }

  /// The end of a count and so many numbers; -1 if it is beyond the record's.
  private long afterCounted(int each, long at, long end) {
    if (at < 0 || at + 8 > end) {
      return -1;
    }
    long count = bytes.u64(at);
    return count < 0 || count > (end - at - 8) / each ? -1 : at + 8 + count * each;
  }

  /// Reads what a record other than a sample ends with.
  void readOther(PerfAttribute attribute, long body, long end) {
    clear();
    if (!attribute.sampleIdAll()) {
      return;
    }
    long at = end - (attribute.has(PerfAttribute.IDENTIFIER) ? 8 : 0);
    if (attribute.has(PerfAttribute.CPU)) {
      at -= 8;
      if (at < body) {
        return;
      }
      cpu = bytes.s32(at);
    }
    at -= 8 * Long.bitCount(attribute.sampleType() & (PerfAttribute.ID | PerfAttribute.STREAM_ID));
    if (attribute.has(PerfAttribute.TIME) && at - 8 >= body) {
      time = bytes.u64(at - 8);
    }
  }
}
