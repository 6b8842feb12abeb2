package dev.tracery.grpc;

import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.status.RefusalReader;
import dev.tracery.grpc.stream.Doorbell;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The watches that are open: they end only with the call, or with what they watch. Thread-safe.
final class Watchers {

  private final Set<Doorbell> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  void add(Doorbell watcher) {
    open.add(watcher);
    if (stopping) {
      stop();
    }
  }

  void remove(Doorbell watcher) {
    open.remove(watcher);
  }

  /// Ends all with UNAVAILABLE, so that they resume when there is a registry again.
  void registryHasGone() {
    open.forEach(watcher -> watcher.end(CurrentRegistry.unavailable()));
  }

  /// Ends all, and those that are still to come, with UNAVAILABLE.
  void stop() {
    stopping = true;
    RuntimeException why =
        new Refusal(
                ErrorReason.SERVER_STOPPING,
                "the server is stopping; resume from the last revision that you have whole",
                List.of(RefusalReader.RETRY_SOON))
            .toException();
    open.forEach(watcher -> watcher.end(why));
  }
}
