package dev.tracery.registry.core;

import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.diff.LayoutDiff;
import dev.tracery.registry.diff.PrintDiff;
import dev.tracery.registry.diff.PrintDiff.Piece;
import dev.tracery.registry.diff.SymbolChange;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What was found out of layouts when kernels were compared. What differs between two layouts is
/// valid for ever: they are named by their content. Thread-safe.
final class DiffCache {

  private static final long MAX_OUTLINE_BYTES = 4 << 20;

  // What an object and its place in the cache take, about.
  private static final int OBJECT = 32;
  private static final int STRING = 48;
  private static final int ENTRY = 160;

  private record Pair(Sha256 from, Sha256 to) {}

  private final RecentlyUsed<Pair, LayoutDiff> diffs;
  private final RecentlyUsed<Sha256, List<String>> outlines =
      new RecentlyUsed<>(MAX_OUTLINE_BYTES, DiffCache::weight);

  /// @param maxBytes what differences are kept may take, about
  DiffCache(long maxBytes) {
    this.diffs = new RecentlyUsed<>(maxBytes, DiffCache::weight);
  }

  Optional<LayoutDiff> diff(Sha256 from, Sha256 to) {
    return diffs.get(new Pair(from, to));
  }

  void put(Sha256 from, Sha256 to, LayoutDiff diff) {
    diffs.put(new Pair(from, to), diff);
  }

  /// The fields of a layout, as [dev.tracery.registry.diff.EventRenames] compares them.
  List<String> outline(Sha256 layout, Function<Sha256, List<String>> read) {
    return outlines
        .get(layout)
        .orElseGet(() -> {
          List<String> fields = List.copyOf(read.apply(layout));
          outlines.put(layout, fields);
          return fields;
        });
  }

  /// In bytes.
  private static long weight(LayoutDiff diff) {
    long bytes = ENTRY;
    for (Change change : diff.common()) {
      bytes += weight(change);
    }
    for (Change change : diff.own()) {
      bytes += weight(change);
    }
    for (SymbolChange change : diff.symbols()) {
      long symbols =
          change.added().size()
              + change.removed().size()
              + change.renamed().size()
              + change.renumbered().size();
      bytes += OBJECT + symbols * (OBJECT + STRING);
    }
    return bytes + diff.print().map(DiffCache::weight).orElse(0L);
  }

  private static long weight(Change change) {
    return OBJECT + 2 * STRING + change.from().length() + change.to().length();
  }

  private static long weight(PrintDiff print) {
    long bytes = 0;
    for (List<Piece> pieces : List.of(print.before(), print.after())) {
      for (Piece piece : pieces) {
        bytes += OBJECT + STRING + piece.text().length();
        if (piece instanceof PrintDiff.Value value) {
          for (String argument : value.arguments()) {
            bytes += OBJECT + STRING + argument.length();
          }
        }
      }
    }
    return bytes;
  }

  private static long weight(List<String> fields) {
    long bytes = ENTRY;
    for (String field : fields) {
      bytes += STRING + field.length();
    }
    return bytes;
  }
}
