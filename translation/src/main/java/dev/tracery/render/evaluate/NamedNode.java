package dev.tracery.render.evaluate;

import dev.tracery.render.TextBuffer;

/// One row of a table of names, where value or name are no constants.
record NamedNode(Node value, Node name) {

  /// trace_print_flags_seq (kernel/trace/trace_output.c).
  static void flags(NamedNode[] rows, long value, Node delimiter, Frame frame, TextBuffer out) {
    long rest = value;
    boolean first = true;
    for (int i = 0; i < rows.length && rest != 0; i++) {
      long mask = rows[i].value.eval(frame);
      if ((rest & mask) == mask) {
        rest &= ~mask;
        if (!first) {
          delimiter.write(frame, out);
        }
        first = false;
        rows[i].name.write(frame, out);
      }
    }
    if (rest != 0) {
      if (!first) {
        delimiter.write(frame, out);
      }
      SymbolText.number(rest, out);
    }
  }

  /// trace_print_symbols_seq.
  static void symbol(NamedNode[] rows, long value, Frame frame, TextBuffer out) {
    int start = out.length();
    for (NamedNode row : rows) {
      if (row.value.eval(frame) == value) {
        row.name.write(frame, out);
        break;
      }
    }
    if (out.length() == start) {
      SymbolText.number(value, out);
    }
  }
}
