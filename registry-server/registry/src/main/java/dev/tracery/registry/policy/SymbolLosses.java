package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.SymbolTable;
import dev.tracery.compiler.layout.SymbolTable.Symbol;
import java.util.ArrayList;
import java.util.List;

/// What a tool that interprets a field's values can no longer rely on: names of values that are
/// gone or that mean another value. Names that were added are no loss, and neither is another mask,
/// which grows with every flag that is added.
final class SymbolLosses {

  private static final int MAX_TOLD = 5;

  private SymbolLosses() {}

  /// `2=B → 4=B`, each once; empty if nothing was lost.
  ///
  /// @param after the layout of `now`: what its print format says is not known where it is not
  ///   understood, and then nothing is lost
  static String between(Field before, Field now, Layout after) {
    if (before.symbols().isEmpty()
        || before.symbols().equals(now.symbols())
        || after.printFormat().tree().isEmpty()) {
      return "";
    }
    List<String> lost = new ArrayList<>();
    int count = 0;
    for (SymbolTable table : before.symbols()) {
      for (Symbol symbol : table.symbols()) {
        if (!has(now.symbols(), table, symbol)) {
          String text = entry(symbol) + " → " + fate(now.symbols(), table, symbol);
          if (!lost.contains(text)) {
            count++;
            if (count <= MAX_TOLD) {
              lost.add(text);
            }
          }
        }
      }
    }
    return String.join(", ", lost)
        + (count > MAX_TOLD ? " and " + (count - MAX_TOLD) + " more" : "");
  }

  private static boolean has(List<SymbolTable> tables, SymbolTable like, Symbol symbol) {
    for (SymbolTable table : tables) {
      if (selectsAlike(table, like) && table.symbols().contains(symbol)) {
        return true;
      }
    }
    return false;
  }

  private static String fate(List<SymbolTable> tables, SymbolTable like, Symbol symbol) {
    for (SymbolTable table : tables) {
      if (selectsAlike(table, like)) {
        for (Symbol now : table.symbols()) {
          if (now.name().equals(symbol.name()) || now.value() == symbol.value()) {
            return entry(now);
          }
        }
      }
    }
    return "removed";
  }

  private static boolean selectsAlike(SymbolTable table, SymbolTable like) {
    return table.match() == like.match() && table.shift() == like.shift();
  }

  private static String entry(Symbol symbol) {
    return symbol.value() + "=" + symbol.name();
  }
}
