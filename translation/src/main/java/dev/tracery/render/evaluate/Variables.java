package dev.tracery.render.evaluate;

import dev.tracery.model.WordSize;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables of statement expressions, block by block. Each has its place in memory for itself.
final class Variables {

  /// How many bytes a pointer takes in a variable, whatever the word size: an [Address] needs all.
  static final int POINTER = 8;

  private static final int MAX_BYTES = 1 << 16;

  private final WordSize wordSize;
  private final Deque<Map<String, Variable>> blocks = new ArrayDeque<>();
  private int bytes;

  Variables(WordSize wordSize) {
    this.wordSize = wordSize;
  }

  /// A variable.
  record Variable(CType type, Node address) {}

  void enter() {
    blocks.push(new HashMap<>());
  }

  void leave() {
    blocks.pop();
  }

  /// @return null if there is none of that name
  @Nullable Variable find(String name) {
    for (Map<String, Variable> block : blocks) {
      Variable variable = block.get(name);
      if (variable != null) {
        return variable;
      }
    }
    return null;
  }

  /// Makes room for an object.
  ///
  /// @return null if nobody knows how large it is, or it is too large
  @Nullable Node allocate(CType type) {
    int size = type.size(wordSize);
    if (size < 0 || size > MAX_BYTES - bytes) {
      return null;
    }
    long address = Address.of(Address.VARIABLES, bytes);
    bytes += Math.max(size, POINTER) + 7 & ~7;
    return new Operand.ConstantNode(address);
  }

  void declare(String name, Variable variable) {
    if (!blocks.isEmpty()) {
      blocks.element().put(name, variable);
    }
  }

  /// How many bytes all of them need.
  int bytes() {
    return bytes;
  }
}
