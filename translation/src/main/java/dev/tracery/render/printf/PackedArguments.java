package dev.tracery.render.printf;

import dev.tracery.compiler.print.IntegerType;
import dev.tracery.model.WordSize;
import dev.tracery.render.evaluate.Frame;
import dev.tracery.render.evaluate.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Arguments that lie in a record one behind the other (lib/vsprintf.c, vbin_printf and
/// bstr_printf): integers of the conversion's size at multiples of it, but those of 8 bytes at
/// multiples of 4; strings with their NUL wherever the last argument ends. Not thread-safe.
final class PackedArguments implements Arguments {

  private static final int STRING = 0;

  private final WordSize wordSize;
  private final StoredPointers pointers;
  private final List<Integer> sizes = new ArrayList<>();
  private long[] values = new long[8];

  PackedArguments(WordSize wordSize, StoredPointers pointers) {
    this.wordSize = wordSize;
    this.pointers = pointers;
  }

  /// Finds the arguments of a record that the frame has begun.
  ///
  /// @throws dev.tracery.render.evaluate.NotEvaluable if they go on behind the record
  void read(Frame frame, int from) {
    int at = 0;
    for (int i = 0; i < sizes.size(); i++) {
      int size = sizes.get(i);
      if (size == STRING) {
        values[i] = Frame.inRecord(from + at);
        at += frame.stringLength(values[i]) + 1;
      } else {
        int align = Math.min(size, 4);
        at = at + align - 1 & -align;
        values[i] = frame.load(Frame.inRecord(from + at), size);
        at += size;
      }
    }
  }

  @Override
  public int count() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Node integer(int index, IntegerType type) {
    int size = type.size(wordSize);
    int slot = add(size);
    int unused = 64 - 8 * size;
    return type.isSigned() ? _ -> values[slot] << unused >> unused : _ -> values[slot];
  }

  @Override
  public Node string(int index) {
    int slot = add(STRING);
    return _ -> values[slot];
  }

  @Override
  public Node pointer(int index) {
    int slot = add(wordSize.bytes());
    return _ -> Frame.checkKernels(values[slot]);
  }

  @Override
  public int pointeeSize(int index) {
    return -1;
  }

  @Override
  public boolean isRendered(Conversion conversion) {
    return !pointers.has(conversion.extension());
  }

  private int add(int size) {
    if (sizes.size() == values.length) {
      values = Arrays.copyOf(values, 2 * values.length);
    }
    sizes.add(size);
    return sizes.size() - 1;
  }
}
