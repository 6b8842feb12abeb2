package dev.tracery.conformance;

import dev.tracery.conformance.v1.SymbolNames;
import dev.tracery.v1.Symbol;
import dev.tracery.v1.SymbolMatch;
import dev.tracery.v1.SymbolTable;
import java.math.BigInteger;

/// What a symbol table says of a value, with integers that have no size.
final class PlainSymbols {

  private PlainSymbols() {}

  /// @param value negative only if the field is signed
  /// @param bits 32 or 64: how many the kernel compares
  static SymbolNames of(SymbolTable table, BigInteger value, int bits) {
    BigInteger all = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
    BigInteger mask = new BigInteger(Long.toUnsignedString(table.getMask()));
    BigInteger left = value.shiftRight(table.getShift()).and(mask).and(all);
    SymbolNames.Builder names = SymbolNames.newBuilder();
    for (Symbol symbol :
        mask.signum() == 0 ? java.util.List.<Symbol>of() : table.getSymbolsList()) {
      BigInteger named = BigInteger.valueOf(symbol.getValue()).and(all);
      if (table.getMatch() == SymbolMatch.SYMBOL_MATCH_VALUE) {
        if (named.equals(left)) {
          return names.addNames(symbol.getName()).build();
        }
      } else if (left.signum() != 0 && left.and(named).equals(named)) {
        names.addNames(symbol.getName());
        left = left.andNot(named);
      }
    }
    return names.setRest(left.longValue()).build();
  }
}
