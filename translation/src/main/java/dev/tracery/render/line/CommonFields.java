package dev.tracery.render.line;

/// What every record begins with: `struct trace_entry` (include/linux/trace_events.h).
final class CommonFields {

  private CommonFields() {}

  static int type(RecordBytes record) {
    return record.u16(0);
  }

  static int flags(RecordBytes record) {
    return record.u8(2);
  }

  static int preemptCount(RecordBytes record) {
    return record.u8(3);
  }

  static int pid(RecordBytes record) {
    return record.s32(4);
  }
}
