package dev.tracery.render.evaluate;

import dev.tracery.compiler.print.IntegerType;
import dev.tracery.model.WordSize;

/// The C type of an expression.
sealed interface CType {

  /// Plain `int`.
  CType INT = new Int(IntegerType.INT);

  /// `char *`.
  CType STRING = new Pointer(new Int(IntegerType.SIGNED_CHAR));

  /// `void *`.
  CType ADDRESS = new Pointer(new Void());

  /// An integer, `bool` and enums among them.
  record Int(IntegerType type) implements CType {}

  /// A pointer.
  record Pointer(CType to) implements CType {}

  /// An array.
  ///
  /// @param count how many elements; -1 if that is not known
  record Array(CType of, int count) implements CType {}

  /// A struct or union.
  ///
  /// @param size in bytes; -1 if it is not known
  record Struct(String name, int size) implements CType {}

  /// `void`, and functions.
  record Void() implements CType {}

  /// What nobody can tell.
  ///
  /// @param reason why, for people
  record Unknown(String reason) implements CType {}

  /// The size in bytes; 1 for `void`, as GNU C has it; -1 if it is not known.
  default int size(WordSize wordSize) {
    return switch (this) {
      case Int(IntegerType type) -> type.size(wordSize);
      case Pointer _ -> wordSize.bytes();
      case Array(CType of, int count) -> {
        int one = of.size(wordSize);
        long all = (long) one * count;
        yield one < 0 || count < 0 || all > Integer.MAX_VALUE ? -1 : (int) all;
      }
      case Struct(_, int size) -> size;
      case Void() -> 1;
      case Unknown _ -> -1;
    };
  }
}
