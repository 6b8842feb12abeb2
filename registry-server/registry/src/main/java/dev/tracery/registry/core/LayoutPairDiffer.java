package dev.tracery.registry.core;

import dev.tracery.registry.diff.LayoutDiff;
import dev.tracery.registry.diff.LayoutDiffer;
import dev.tracery.registry.index.LayoutEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/// Compares many pairs of layouts, those that were not compared before on all processors.
final class LayoutPairDiffer {

  /// Fewer are not worth the threads.
  private static final int MANY = 32;

  private final StoredLayouts stored;
  private final DiffCache known;
  private final LayoutDiffer differ = new LayoutDiffer();

  LayoutPairDiffer(StoredLayouts stored) {
    this.stored = stored;
    this.known = stored.diffs();
  }

  /// Two layouts of one event.
  record LayoutPair(LayoutEntry from, LayoutEntry to) {}

  /// What differs in each pair, in their order.
  ///
  /// @throws CancellationException if this thread is interrupted meanwhile
  List<LayoutDiff> diff(List<LayoutPair> pairs) {
    LayoutDiff[] diffs = new LayoutDiff[pairs.size()];
    List<Integer> unknown = new ArrayList<>();
    for (int i = 0; i < diffs.length; i++) {
      LayoutPair pair = pairs.get(i);
      Optional<LayoutDiff> diff =
          pair.from.hash().equals(pair.to.hash())
              ? Optional.of(LayoutDiff.NONE)
              : known.diff(pair.from.hash(), pair.to.hash());
      if (diff.isPresent()) {
        diffs[i] = diff.get();
      } else {
        unknown.add(i);
      }
    }
    Thread caller = Thread.currentThread();
    (unknown.size() < MANY ? unknown.stream() : unknown.parallelStream())
        .forEach(i -> {
          // Why the caller of all threads: it is the one that a cancelled call interrupts.
          if (caller.isInterrupted()) {
            throw new CancellationException("the comparison was abandoned");
          }
          diffs[i] = diff(pairs.get(i));
        });
    return List.of(diffs);
  }

  private LayoutDiff diff(LayoutPair pair) {
    LayoutDiff diff =
        differ.diff(stored.layoutOnce(pair.from.hash()), stored.layoutOnce(pair.to.hash()));
    known.put(pair.from.hash(), pair.to.hash(), diff);
    return diff;
  }
}
