package dev.tracery.trace;

import java.util.function.IntPredicate;

/// Which values of `common_type` a filter lets through: a bit for each of the 65,536.
final class EventSet {

  private static final int TYPES = 1 << 16;

  private final long[] bits = new long[TYPES / 64];
  private final boolean all;

  EventSet(IntPredicate events) {
    boolean every = true;
    for (int type = 0; type < TYPES; type++) {
      if (events.test(type)) {
        bits[type >> 6] |= 1L << type;
      } else {
        every = false;
      }
    }
    this.all = every;
  }

  boolean has(int type) {
    return (bits[type >> 6] & 1L << type) != 0;
  }

  /// Whether there is none that it has not.
  boolean isAll() {
    return all;
  }
}
