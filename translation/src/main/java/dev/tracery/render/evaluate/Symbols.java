package dev.tracery.render.evaluate;

import dev.tracery.render.KernelSymbols;
import dev.tracery.render.TextBuffer;

/// Addresses of code as the kernel prints them: `name+0x23/0x40 [module]` (kernel/kallsyms.c,
/// __sprint_symbol).
public final class Symbols {

  /// No function is larger; an address further from a symbol lies in something without a symbol.
  private static final long MAX_FUNCTION = 1 << 20;

  private Symbols() {}

  /// Appends an address.
  ///
  /// @param withOffset whether offset and size are told
  /// @param back how far before the address to look: 1 for return addresses
  public static void write(
      Frame frame, long address, boolean withOffset, int back, TextBuffer out) {
    KernelSymbols symbols = frame.tables().symbols();
    int index = symbols.find(address - back);
    long offset = index < 0 ? 0 : address - symbols.address(index);
    if (index < 0 || offset < 0 || offset > MAX_FUNCTION) {
      out.put('0');
      out.put('x');
      out.hex(address);
      return;
    }
    byte[] name = symbols.name(index);
    int end = 0;
    while (end < name.length && name[end] != ' ' && name[end] != '\t') {
      end++;
    }
    out.put(name, 0, end);
    if (withOffset) {
      out.put('+');
      SymbolText.number(offset, out);
      long size = size(symbols, index);
      if (size > 0) {
        out.put('/');
        SymbolText.number(size, out);
      }
    }
    out.put(name, end, name.length - end);
  }

  /// What kallsyms takes for the size: how far it is to the next symbol.
  ///
  /// @return 0 if there is none near
  private static long size(KernelSymbols symbols, int index) {
    long start = symbols.address(index);
    for (int next = index + 1; next < symbols.count(); next++) {
      long size = symbols.address(next) - start;
      if (size != 0) {
        return size > 0 && size <= MAX_FUNCTION ? size : 0;
      }
    }
    return 0;
  }
}
