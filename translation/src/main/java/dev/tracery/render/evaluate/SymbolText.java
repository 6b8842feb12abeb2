package dev.tracery.render.evaluate;

import dev.tracery.render.TextBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A table of constant values and their names, ready to be looked into.
final class SymbolText {

  /// Values up to it are looked up by index.
  private static final int MAX_DIRECT = 1023;

  private final long[] values;
  private final byte[][] names;
  private final byte[][] direct;
  private final Map<Long, byte[]> rest;

  private SymbolText(long[] values, byte[][] names) {
    this.values = values;
    this.names = names;
    this.rest = new HashMap<>();
    int size = 0;
    for (long value : values) {
      if (value >= 0 && value <= MAX_DIRECT) {
        size = Math.max(size, (int) value + 1);
      }
    }
    Set<Long> named = new HashSet<>();
    byte[][] direct = new byte[size][0];
    for (int i = 0; i < values.length; i++) {
      long value = values[i];
      if (value < 0 || value >= size) {
        rest.putIfAbsent(value, names[i]);
      } else if (named.add(value)) {
        direct[(int) value] = names[i];
      }
    }
    this.direct = direct;
  }

  /// @return null if a value or a name is no constant
  static @Nullable SymbolText of(NamedNode[] rows) {
    long[] values = new long[rows.length];
    byte[][] names = new byte[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      if (!(rows[i].value() instanceof Operand.ConstantNode(long value))
          || !(rows[i].name() instanceof Constants.Literal(_, byte[] text))) {
        return null;
      }
      values[i] = value;
      names[i] = text;
    }
    return new SymbolText(values, names);
  }

  /// trace_print_symbols_seq (kernel/trace/trace_output.c): the first name of the value, or the
  /// value. An empty name is none.
  void symbol(long value, TextBuffer out) {
    byte[] name =
        value >= 0 && value < direct.length
            ? direct[(int) value]
            : rest.isEmpty() ? null : rest.get(value);
    if (name == null || name.length == 0) {
      number(value, out);
    } else {
      out.put(name);
    }
  }

  /// trace_print_flags_seq: names while there are bits left, then the bits that have none. A mask
  /// of no bits is in every value.
  void flags(long value, byte[] delimiter, TextBuffer out) {
    long left = value;
    boolean first = true;
    for (int i = 0; i < values.length && left != 0; i++) {
      long mask = values[i];
      if ((left & mask) == mask) {
        left &= ~mask;
        if (!first) {
          out.put(delimiter);
        }
        first = false;
        out.put(names[i]);
      }
    }
    if (left != 0) {
      if (!first) {
        out.put(delimiter);
      }
      number(left, out);
    }
  }

  static void number(long value, TextBuffer out) {
    out.put('0');
    out.put('x');
    out.hex(value);
  }
}
