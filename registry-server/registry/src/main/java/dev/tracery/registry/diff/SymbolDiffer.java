package dev.tracery.registry.diff;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.SymbolTable;
import dev.tracery.registry.diff.SymbolChange.Renamed;
import dev.tracery.registry.diff.SymbolChange.Renumbered;
import dev.tracery.registry.diff.SymbolChange.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Says how the names of a field's values changed: a name that both have with different values was
/// renumbered, a value that both have with different names was renamed.
final class SymbolDiffer {

  private SymbolDiffer() {}

  static SymbolChange diff(Field field, List<SymbolTable> from, List<SymbolTable> to) {
    Set<Symbol> before = symbols(from);
    Set<Symbol> after = symbols(to);
    List<Symbol> removed = new ArrayList<>(before);
    removed.removeIf(after::contains);
    List<Symbol> added = new ArrayList<>(after);
    added.removeIf(before::contains);
    List<Renumbered> renumbered = new ArrayList<>();
    removed.removeIf(old -> {
      Symbol now = take(added, symbol -> symbol.name().equals(old.name()));
      return now != null && renumbered.add(new Renumbered(old.name(), old.value(), now.value()));
    });
    List<Renamed> renamed = new ArrayList<>();
    removed.removeIf(old -> {
      Symbol now = take(added, symbol -> symbol.value() == old.value());
      return now != null && renamed.add(new Renamed(old.value(), old.name(), now.name()));
    });
    return new SymbolChange(field.name(), field.occurrence(), added, removed, renumbered, renamed);
  }

  private static Set<Symbol> symbols(List<SymbolTable> tables) {
    Set<Symbol> symbols = new LinkedHashSet<>();
    for (SymbolTable table : tables) {
      for (SymbolTable.Symbol symbol : table.symbols()) {
        symbols.add(new Symbol(symbol.value() << table.shift(), symbol.name()));
      }
    }
    return symbols;
  }

  private static @Nullable Symbol take(List<Symbol> symbols, Predicate<Symbol> wanted) {
    for (int i = 0; i < symbols.size(); i++) {
      if (wanted.test(symbols.get(i))) {
        return symbols.remove(i);
      }
    }
    return null;
  }
}
