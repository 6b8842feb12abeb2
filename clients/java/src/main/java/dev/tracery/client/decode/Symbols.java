package dev.tracery.client.decode;

import dev.tracery.v1.Symbol;
import dev.tracery.v1.SymbolMatch;
import dev.tracery.v1.SymbolTable;
import java.util.ArrayList;
import java.util.List;

/// Names for the values of a field, from one `__print_symbolic` or `__print_flags` of a print
/// format. Immutable.
public final class Symbols {

  private final SymbolTable table;
  private final boolean signed;
  private final long width;

  /// @param signed whether the field's integer is
  /// @param width the bits of the number in which the kernel compares
  Symbols(SymbolTable table, boolean signed, long width) {
    this.table = table;
    this.signed = signed;
    this.width = width;
  }

  /// What the table says of a value.
  ///
  /// @param names of the value, or of its flags in the table's order; may be empty
  /// @param rest what no name stands for: the flags that are left, or the whole value, unsigned; 0
  ///   if there is nothing
  public record Names(List<String> names, long rest) {

    public Names {
      names = List.copyOf(names);
    }
  }

  /// Whether values are flags, of which each has a name.
  public boolean areFlags() {
    return table.getMatch() == SymbolMatch.SYMBOL_MATCH_FLAGS;
  }

  /// What stands between two flags: `|`.
  public String delimiter() {
    return table.getDelimiter();
  }

  /// The names of a value as [IntegerField#get] returns it.
  public Names of(long value) {
    // Unsigned, as protobuf's uint32 is.
    int shift = table.getShift() < 0 ? Long.SIZE : table.getShift();
    long shifted =
        shift > 63 ? (signed ? value >> 63 : 0) : signed ? value >> shift : value >>> shift;
    long left = shifted & table.getMask() & width;
    if (table.getMask() == 0) {
      return new Names(List.of(), left);
    }
    return areFlags() ? flags(left) : value(left);
  }

  private Names value(long value) {
    if (table.getMatch() == SymbolMatch.SYMBOL_MATCH_VALUE) {
      for (Symbol symbol : table.getSymbolsList()) {
        if ((symbol.getValue() & width) == value) {
          return new Names(List.of(symbol.getName()), 0);
        }
      }
    }
    return new Names(List.of(), value);
  }

  /// As `trace_print_flags_seq` does (kernel/trace/trace_output.c).
  private Names flags(long value) {
    List<String> names = new ArrayList<>();
    long left = value;
    for (Symbol symbol : table.getSymbolsList()) {
      long bits = symbol.getValue() & width;
      if (left == 0) {
        break;
      }
      if ((left & bits) == bits) {
        names.add(symbol.getName());
        left &= ~bits;
      }
    }
    return new Names(names, left);
  }
}
