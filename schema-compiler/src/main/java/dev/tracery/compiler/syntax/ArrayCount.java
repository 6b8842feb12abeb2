package dev.tracery.compiler.syntax;

import dev.tracery.model.WordSize;

/// How many elements brackets say.
final class ArrayCount {

  private ArrayCount() {}

  /// @param brackets `[16]`, `[30+1]`, `[]`
  /// @return -1 where it is no constant, zero, or beyond an int
  static int of(String brackets, WordSize wordSize) {
    String inside = brackets.substring(1, brackets.length() - 1).strip();
    if (inside.isEmpty() || inside.length() > 9 || wordSize.bytes() == 0) {
      return -1;
    }
    for (int i = 0; i < inside.length(); i++) {
      if (inside.charAt(i) < '0' || inside.charAt(i) > '9') {
        return -1;
      }
    }
    int count = Integer.parseInt(inside);
    return count > 0 ? count : -1;
  }
}
