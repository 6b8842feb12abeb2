package dev.tracery.grpc;

import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.status.RefusalReader;
import java.util.List;
import java.util.concurrent.Semaphore;

/// How many registrations and imports may be under way: each holds as much memory as the registry's
/// limits allow one to. Thread-safe.
final class WriterSlots {

  private final int count;
  private final Semaphore free;

  WriterSlots(int count) {
    this.count = count;
    this.free = new Semaphore(count);
  }

  /// Runs `writer` if a slot is free, and refuses it otherwise.
  void run(Runnable writer) {
    if (!free.tryAcquire()) {
      throw new Refusal(
              ErrorReason.WRITERS_BUSY,
              "the server's "
                  + count
                  + " places for registrations and imports are taken; try again",
              List.of(RefusalReader.RETRY_SOON))
          .toException();
    }
    try {
      writer.run();
    } finally {
      free.release();
    }
  }
}
