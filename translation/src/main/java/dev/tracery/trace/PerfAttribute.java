package dev.tracery.trace;

/// What a sample of one event has, and in which order (`struct perf_event_attr` and
/// `PERF_RECORD_SAMPLE` in include/uapi/linux/perf_event.h, Linux 6.12).
///
/// @param type 2 for a tracepoint
/// @param config of a tracepoint the event's id
/// @param sampleType which parts a sample has
/// @param readFormat which parts `PERF_SAMPLE_READ` has
/// @param sampleIdAll whether all other records end with some of the parts
record PerfAttribute(int type, long config, long sampleType, long readFormat, boolean sampleIdAll) {

  static final int TYPE_TRACEPOINT = 2;

  static final long IP = 1;
  static final long TID = 1 << 1;
  static final long TIME = 1 << 2;
  static final long ADDR = 1 << 3;
  static final long READ = 1 << 4;
  static final long CALLCHAIN = 1 << 5;
  static final long ID = 1 << 6;
  static final long CPU = 1 << 7;
  static final long PERIOD = 1 << 8;
  static final long STREAM_ID = 1 << 9;
  static final long RAW = 1 << 10;
  static final long IDENTIFIER = 1 << 16;

  private static final int SAMPLE_ID_ALL_BIT = 18;

  /// The smallest `struct perf_event_attr` there was: PERF_ATTR_SIZE_VER0.
  static final int MIN_BYTES = 64;

  /// @param at where at least [#MIN_BYTES] of it lie
  static PerfAttribute read(PerfBytes bytes, long at) {
    // Why: bit fields begin at the lowest bit on little endian machines, and at the highest on
    // big endian ones.
    long flags = bytes.u64(at + 40);
    int bit = bytes.isBigEndian() ? 63 - SAMPLE_ID_ALL_BIT : SAMPLE_ID_ALL_BIT;
    return new PerfAttribute(
        bytes.s32(at),
        bytes.u64(at + 8),
        bytes.u64(at + 24),
        bytes.u64(at + 32),
        (flags >>> bit & 1) != 0);
  }

  boolean has(long part) {
    return (sampleType & part) != 0;
  }

  /// Whether its samples hold a tracepoint's record.
  boolean isRecord() {
    return type == TYPE_TRACEPOINT && has(RAW);
  }

  /// Whether the kernel's record is the last part of a sample.
  boolean endsWithRaw() {
    return (sampleType & ~IDENTIFIER & -(RAW << 1)) == 0;
  }

  /// Where in a sample's body the attribute's id lies; -1 if it has none.
  int idOffset() {
    if (has(IDENTIFIER)) {
      return 0;
    }
    return has(ID) ? 8 * Long.bitCount(sampleType & (IP | TID | TIME | ADDR)) : -1;
  }

  /// How far before the end of another record the id ends that it may end with; -1 if it has none.
  int idFromEnd() {
    if (!sampleIdAll) {
      return -1;
    }
    if (has(IDENTIFIER)) {
      return 8;
    }
    return has(ID) ? 8 + 8 * Long.bitCount(sampleType & (STREAM_ID | CPU)) : -1;
  }
}
