package dev.tracery.registry.policy;

import dev.tracery.model.Sha256;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How one use stood on the layouts on which it was judged last. Thread-safe: whoever writes at the
/// same time may be forgotten.
final class FitMemo {

  private static final int MAX = 4;
  private static final Known[] NONE = {};

  private record Known(Sha256 layout, UseFit fit) {}

  private volatile Known[] known = NONE;

  @Nullable UseFit get(Sha256 layout) {
    for (Known each : known) {
      if (each.layout.equals(layout)) {
        return each.fit;
      }
    }
    return null;
  }

  void put(Sha256 layout, UseFit fit) {
    Known[] old = known;
    int kept = Math.min(old.length, MAX - 1);
    Known[] now = Arrays.copyOf(old, kept + 1);
    System.arraycopy(old, old.length - kept, now, 0, kept);
    now[kept] = new Known(layout, fit);
    known = now;
  }
}
