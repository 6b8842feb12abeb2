package dev.tracery.registry.diff;

import java.util.List;

/// How the names of a field's values changed. A value is that of the field: what the print format
/// shifts right before it looks is shifted back. Where all lists are empty, only the order, a
/// delimiter or a mask changed.
///
/// @param added values that had no name
/// @param removed values that have none any more
/// @param renumbered names that stand for another value now
/// @param renamed values that have another name now
public record SymbolChange(
    String field,
    int occurrence,
    List<Symbol> added,
    List<Symbol> removed,
    List<Renumbered> renumbered,
    List<Renamed> renamed) {

  public SymbolChange {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    renumbered = List.copyOf(renumbered);
    renamed = List.copyOf(renamed);
  }

  /// Whether every value that had a name still has it: who knew the old names reads the new values
  /// right.
  public boolean keepsMeaning() {
    return removed.isEmpty() && renumbered.isEmpty() && renamed.isEmpty();
  }

  /// A value and its name.
  public record Symbol(long value, String name) {}

  /// A name whose value changed.
  public record Renumbered(String name, long from, long to) {}

  /// A value whose name changed.
  public record Renamed(long value, String from, String to) {}
}
