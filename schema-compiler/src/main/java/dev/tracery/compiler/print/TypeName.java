package dev.tracery.compiler.print;

import dev.tracery.model.WordSize;
import org.jspecify.annotations.Nullable;

/// A type as a print format names it. Qualifiers (`const`, `volatile`) are dropped: they change
/// nothing that is printed.
///
/// @param base the words, one blank between two: `unsigned long`, `struct page`, `typeof ( x )`
/// @param declarator what follows them, without blanks: empty, `*`, `**`, `[]`, `(*)[6]`
public record TypeName(String base, String declarator) {

  /// Whether it is a pointer.
  public boolean isPointer() {
    return declarator.indexOf('*') >= 0;
  }

  /// The integer type that it is; pointers are `unsigned long`.
  ///
  /// @return null if it is no integer, or not known
  public @Nullable IntegerType integerType() {
    if (isPointer()) {
      return IntegerType.UNSIGNED_LONG;
    }
    return declarator.isEmpty() ? IntegerType.named(base) : null;
  }

  /// Its size in bytes.
  ///
  /// @return -1 if it is not known: a struct's size is no format's business
  int size(WordSize wordSize) {
    // Why: BUILD_BUG_ON_ZERO(e) is the size of a struct without members, in GENMASK for one.
    if (base.startsWith("struct { int : ( - ! ! (")) {
      return 0;
    }
    IntegerType type = integerType();
    return type == null ? -1 : type.size(wordSize);
  }

  @Override
  public String toString() {
    return declarator.isEmpty() ? base : base + " " + declarator;
  }
}
