package dev.tracery.render.evaluate;

import dev.tracery.render.KernelSymbols;
import dev.tracery.render.TextBuffer;
import java.util.Arrays;

/// Addresses of code as the kernel prints them: `name+0x23/0x40 [module]` (kernel/kallsyms.c,
/// __sprint_symbol).
public final class Symbols {

  /// No function is larger; an address further from a symbol lies in something without a symbol.
  private static final long MAX_FUNCTION = 1 << 20;

  /// A module's code ends with a page.
  private static final long PAGE = 4096;

  private Symbols() {}

  /// Appends an address.
  ///
  /// @param withOffset whether offset and size are told
  /// @param back how far before the address to look: 1 for return addresses
  public static void write(
      Frame frame, long address, boolean withOffset, int back, TextBuffer out) {
    int kind = withOffset ? 1 + back : 0;
    byte[] known = frame.symbolTexts().find(address, kind);
    if (known != null) {
      out.put(known);
      return;
    }
    int start = out.length();
    write(frame.tables().symbols(), address, withOffset, back, out);
    frame.symbolTexts().keep(address, kind, Arrays.copyOfRange(out.array(), start, out.length()));
  }

  /// The same with a kernel's symbols.
  public static void write(
      KernelSymbols symbols, long address, boolean withOffset, int back, TextBuffer out) {
    int index = find(symbols, address - back);
    if (index < 0) {
      out.put('0');
      out.put('x');
      out.hex(address);
      return;
    }
    byte[] name = symbols.name(index);
    int end = module(name);
    out.put(name, 0, end);
    if (withOffset) {
      out.put('+');
      SymbolText.number(address - symbols.address(index), out);
      out.put('/');
      SymbolText.number(size(symbols, index), out);
    }
    out.put(name, end, name.length - end);
  }

  /// The symbol that an address lies in.
  ///
  /// @return -1 if there is none
  public static int find(KernelSymbols symbols, long address) {
    int index = symbols.find(address);
    return index >= 0
            && Long.compareUnsigned(address - symbols.address(index), size(symbols, index)) < 0
        ? index
        : -1;
  }

  /// What kallsyms takes for the size: how far it is to the next symbol. A module's last symbol
  /// ends where the module's code does (kernel/module/kallsyms.c, find_kallsyms_symbol). Lists can
  /// lack modules, so that what follows it in the list may be far away.
  private static long size(KernelSymbols symbols, int index) {
    long start = symbols.address(index);
    long pageEnd = (start & -PAGE) + PAGE - start;
    if (index + 1 == symbols.count()) {
      return pageEnd;
    }
    long size = symbols.address(index + 1) - start;
    boolean last = !sameModule(symbols.name(index), symbols.name(index + 1));
    return last ? Math.min(size, pageEnd) : Math.min(size, MAX_FUNCTION);
  }

  private static boolean sameModule(byte[] name, byte[] other) {
    int at = module(name);
    int otherAt = module(other);
    return Arrays.equals(name, at, name.length, other, otherAt, other.length);
  }

  private static int module(byte[] name) {
    int at = 0;
    while (at < name.length && name[at] != ' ' && name[at] != '\t') {
      at++;
    }
    return at;
  }
}
