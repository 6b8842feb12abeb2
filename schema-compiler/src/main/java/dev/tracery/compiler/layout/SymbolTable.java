package dev.tracery.compiler.layout;

import java.util.List;

/// Names for a field's values, from one `__print_symbolic` or `__print_flags` of the print format.
///
/// @param match how entries are matched
/// @param shift the value is first shifted right by this many bits …
/// @param mask … and then masked with this; all ones where the print format masks nothing
/// @param delimiter what stands between two names; empty for [Match#VALUE]
/// @param symbols in the print format's order, which decides between entries that overlap
public record SymbolTable(
    Match match, int shift, long mask, String delimiter, List<Symbol> symbols) {

  public SymbolTable {
    symbols = List.copyOf(symbols);
  }

  /// How a table is read.
  public enum Match {
    /// `__print_symbolic`: the first entry whose value equals.
    VALUE,
    /// `__print_flags`: every entry all of whose bits are set, each then cleared.
    FLAGS
  }

  /// One name.
  ///
  /// @param value as 64 bits, sign-extended as C would
  /// @param name with C escapes decoded
  public record Symbol(long value, String name) {}
}
