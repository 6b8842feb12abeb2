package dev.tracery.translate.guard;

import dev.tracery.trace.RecordCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Some records that were read ahead, copied. Not thread-safe.
final class RecordBatch {

  static final int MAX_RECORDS = 256;
  private static final int MAX_BYTES = 256 << 10;

  byte[] bytes = new byte[16 << 10];
  final int[] offset = new int[MAX_RECORDS];
  final int[] length = new int[MAX_RECORDS];
  final long[] timestamp = new long[MAX_RECORDS];
  final int[] cpu = new int[MAX_RECORDS];
  final int[] buffer = new int[MAX_RECORDS];
  final long[] lostBefore = new long[MAX_RECORDS];
  final long[] bytesRead = new long[MAX_RECORDS];
  final byte[] @Nullable [] commandName = new byte[MAX_RECORDS] @Nullable [];
  final @Nullable GuardedTranslator[] translator = new GuardedTranslator[MAX_RECORDS];
  final byte[] @Nullable [] message = new byte[MAX_RECORDS] @Nullable [];
  int count;
  private int used;

  void clear() {
    count = 0;
    used = 0;
  }

  boolean isFull() {
    return count == MAX_RECORDS || used >= MAX_BYTES;
  }

  /// Copies the cursor's record.
  void add(RecordCursor from, @Nullable GuardedTranslator by) {
    int size = from.length();
    if (used + size > bytes.length) {
      // Why a new array: work that was abandoned may still read the old one.
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + size));
    }
    System.arraycopy(from.bytes(), from.offset(), bytes, used, size);
    offset[count] = used;
    length[count] = size;
    timestamp[count] = from.timestamp();
    cpu[count] = from.cpu();
    buffer[count] = from.buffer();
    lostBefore[count] = from.lostBefore();
    bytesRead[count] = from.bytesRead();
    byte[] name = from.commandName();
    commandName[count] = name == null ? null : name.clone();
    translator[count] = by;
    message[count] = null;
    count++;
    used += size;
  }

  /// A copy of a record's bytes, no longer and no shorter.
  byte[] record(int index) {
    return Arrays.copyOfRange(bytes, offset[index], offset[index] + length[index]);
  }
}
