package dev.tracery.registry.diff;

import dev.tracery.registry.Registry.Change;
import java.util.List;
import java.util.Optional;

/// What differs between two layouts. Holds no layout and no tree, so that it can be kept.
///
/// @param common changes of what all events of a kernel share: word size, byte order, common fields
/// @param own changes of the event's own
/// @param symbols what each [ChangeKind#FIELD_SYMBOLS] consists of, in their order
/// @param print what [ChangeKind#PRINT_FORMAT] consists of; empty if there is no such change
public record LayoutDiff(
    List<Change> common, List<Change> own, List<SymbolChange> symbols, Optional<PrintDiff> print) {

  /// Of two layouts that are the same.
  public static final LayoutDiff NONE =
      new LayoutDiff(List.of(), List.of(), List.of(), Optional.empty());

  public LayoutDiff {
    common = List.copyOf(common);
    own = List.copyOf(own);
    symbols = List.copyOf(symbols);
  }

  /// What the [ChangeKind#FIELD_SYMBOLS] of this field consists of.
  public Optional<SymbolChange> symbolsOf(String field, int occurrence) {
    for (SymbolChange change : symbols) {
      if (change.field().equals(field) && change.occurrence() == occurrence) {
        return Optional.of(change);
      }
    }
    return Optional.empty();
  }
}
