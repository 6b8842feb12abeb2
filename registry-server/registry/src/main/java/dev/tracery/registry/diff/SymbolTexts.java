package dev.tracery.registry.diff;

import dev.tracery.compiler.layout.SymbolTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// How symbol tables are written in a change.
final class SymbolTexts {

  private static final int MAX_LENGTH = 2_000;

  private SymbolTexts() {}

  /// What `tables` has and `others` has not, as `1=SLEEPING, 2=DISK`. Where they differ in order or
  /// delimiters alone, all of it.
  static String difference(List<SymbolTable> tables, List<SymbolTable> others) {
    Set<String> mine = entries(tables);
    Set<String> theirs = entries(others);
    if (mine.equals(theirs)) {
      return cut(whole(tables));
    }
    List<String> only = new ArrayList<>(mine);
    only.removeAll(theirs);
    return cut(String.join(", ", only));
  }

  private static Set<String> entries(List<SymbolTable> tables) {
    Set<String> entries = new LinkedHashSet<>();
    for (SymbolTable table : tables) {
      for (SymbolTable.Symbol symbol : table.symbols()) {
        entries.add(selection(table) + value(table, symbol) + "=" + symbol.name());
      }
    }
    return entries;
  }

  private static String whole(List<SymbolTable> tables) {
    List<String> texts = new ArrayList<>();
    for (SymbolTable table : tables) {
      texts.add(
          (table.match() == SymbolTable.Match.FLAGS ? "flags '" + table.delimiter() + "' " : "")
              + String.join(", ", entries(List.of(table))));
    }
    return String.join("; ", texts);
  }

  private static String selection(SymbolTable table) {
    String shift = table.shift() == 0 ? "" : ">>" + table.shift() + " ";
    return table.mask() == -1 ? shift : shift + "&0x" + Long.toHexString(table.mask()) + " ";
  }

  private static String value(SymbolTable table, SymbolTable.Symbol symbol) {
    return table.match() == SymbolTable.Match.FLAGS
        ? "0x" + Long.toHexString(symbol.value())
        : Long.toString(symbol.value());
  }

  private static String cut(String text) {
    return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
  }
}
