package dev.tracery.store.postgres;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The greatest revision that was read or appended here, and the append that made it: the log must
/// have it for ever. Thread-safe.
final class LastKnown {

  /// @param revision 0 for none
  /// @param append null for none
  record Position(long revision, @Nullable UUID append) {
    private static final Position NONE = new Position(0, null);
  }

  private final AtomicReference<Position> position = new AtomicReference<>(Position.NONE);

  Position get() {
    return position.get();
  }

  void remember(long revision, UUID append) {
    position.accumulateAndGet(
        new Position(revision, append), (a, b) -> b.revision() > a.revision() ? b : a);
  }
}
