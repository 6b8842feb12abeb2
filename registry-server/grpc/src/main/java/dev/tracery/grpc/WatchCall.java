package dev.tracery.grpc;

import dev.tracery.grpc.stream.OutboundCall;
import dev.tracery.grpc.wire.ChangesWriter;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.RevisionChanges;
import dev.tracery.v1.WatchResponse;
import java.util.concurrent.atomic.AtomicLong;

/// One watcher. It reads a few revisions ahead of what the caller has room for and no more, so a
/// caller that reads slowly costs the server nothing.
record WatchCall(Registry registry, OutboundCall<WatchResponse> call) {

  private static final int REVISIONS_AT_A_TIME = 8;

  /// Sends every change after `afterRevision` until the call ends, which an exception tells.
  void run(long afterRevision) {
    AtRevision.check(registry, "after_revision", afterRevision);
    AtomicLong head = new AtomicLong();
    AutoCloseable subscription =
        registry.onHeadMoved(moved -> {
          head.accumulateAndGet(moved, Math::max);
          call.doorbell().ring();
        });
    try {
      // Why after subscribing: a move between the two is then seen by the one or the other.
      head.accumulateAndGet(registry.head(), Math::max);
      long sent = afterRevision;
      while (true) {
        long done = sent;
        call.doorbell().await(() -> head.get() > done);
        long seen = head.get();
        for (RevisionChanges revision : registry.changes(sent, REVISIONS_AT_A_TIME)) {
          send(revision);
          sent = revision.revision();
        }
        if (sent == done) {
          // Why: the news came before the changes could be read. More news comes with them.
          head.compareAndSet(seen, done);
        }
      }
    } finally {
      close(subscription);
    }
  }

  private void send(RevisionChanges revision) {
    int parts = ChangesWriter.parts(revision);
    for (int part = 0; part < parts; part++) {
      call.send(ChangesWriter.write(revision, part));
    }
  }

  private static void close(AutoCloseable subscription) {
    try {
      subscription.close();
    } catch (Exception e) {
      throw new IllegalStateException("a subscription that cannot be ended", e);
    }
  }
}
