package dev.tracery.translate.guard;

import org.jspecify.annotations.Nullable;

/// Translates the records of a batch whose translators are foreign. All that it shares with the
/// stream is copied before foreign code sees it, so an abandoned one does no harm.
final class BatchWork implements ForeignWork {

  private final @Nullable GuardedTranslator[] translators;
  private final byte[] @Nullable [] records;
  private final byte[] @Nullable [] messages;
  private final int end;
  private volatile int at;
  private volatile int stuckAt = -1;
  private volatile boolean abandoned;

  BatchWork(RecordBatch batch, int from) {
    this.end = batch.count;
    this.at = from;
    this.translators = batch.translator.clone();
    this.records = new byte[end] @Nullable [];
    this.messages = new byte[end] @Nullable [];
    for (int i = from; i < end; i++) {
      records[i] = translators[i] == null ? null : batch.record(i);
    }
  }

  @Override
  public void run() throws ForeignFailure {
    for (int i = at; i < end && !abandoned; i++) {
      at = i;
      GuardedTranslator by = translators[i];
      byte[] record = records[i];
      if (by != null && record != null && !by.bundle().isQuarantined()) {
        messages[i] = by.translateForeign(record);
      }
    }
    if (!abandoned) {
      at = end;
    }
  }

  @Override
  public long progress() {
    return at;
  }

  @Override
  public void abandon(long progress) {
    stuckAt = (int) progress;
    abandoned = true;
  }

  /// The record at which this ended early.
  int failedAt() {
    return stuckAt >= 0 ? stuckAt : at;
  }

  /// A message, of a record before the one at which this ended.
  byte @Nullable [] message(int index) {
    return messages[index];
  }
}
