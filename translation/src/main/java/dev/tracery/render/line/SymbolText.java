package dev.tracery.render.line;

import dev.tracery.render.KernelSymbols;
import dev.tracery.render.TextBuffer;
import dev.tracery.render.evaluate.Symbols;

/// Writes addresses of functions as the ftrace events do (kernel/trace/trace_output.c,
/// seq_print_ip_sym). Not thread-safe.
final class SymbolText {

  private final KernelSymbols symbols;
  private final Digits digits = new Digits();

  SymbolText(KernelSymbols symbols) {
    this.symbols = symbols;
  }

  /// Appends the function's name, without its module; an address that nobody knows in hexadecimal.
  void append(long address, TextBuffer out) {
    if (address == 0) {
      out.put('0');
      return;
    }
    int index = Symbols.find(symbols, address);
    if (index < 0) {
      out.put('0');
      out.put('x');
      digits.hex(address, 8, out);
      return;
    }
    byte[] name = symbols.name(index);
    int end = 0;
    while (end < name.length && name[end] != ' ') {
      end++;
    }
    out.put(name, 0, end);
  }

  /// Appends the function's name with offset, size and module, as with TRACE_ITER_SYM_OFFSET.
  void appendWithOffset(long address, TextBuffer out) {
    if (address == 0) {
      out.put('0');
    } else {
      Symbols.write(symbols, address, true, 0, out);
    }
  }
}
