package dev.tracery.trace;

import java.util.function.IntPredicate;

/// Which records are wanted. What is lost or damaged is told for all.
///
/// @param events by `common_type`
/// @param cpus by number
/// @param from the earliest timestamp
/// @param to the first timestamp that is too late
public record RecordFilter(IntPredicate events, IntPredicate cpus, long from, long to) {

  /// Everything.
  public static final RecordFilter ALL =
      new RecordFilter(_ -> true, _ -> true, Long.MIN_VALUE, Long.MAX_VALUE);
}
