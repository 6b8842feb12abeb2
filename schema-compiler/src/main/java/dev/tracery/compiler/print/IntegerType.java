package dev.tracery.compiler.print;

import dev.tracery.compiler.syntax.TypeRule;
import dev.tracery.model.WordSize;
import org.jspecify.annotations.Nullable;

/// C's integer types, in the order of their ranks.
public enum IntegerType {
  /// `bool`: conversion to it gives 0 or 1.
  BOOL(1, false),
  /// `signed char`, `s8`. Plain `char` is taken for it, which is only right where the value is not
  /// negative.
  SIGNED_CHAR(1, true),
  /// `unsigned char`, `u8`.
  UNSIGNED_CHAR(1, false),
  /// `short`, `s16`.
  SHORT(2, true),
  /// `unsigned short`, `u16`.
  UNSIGNED_SHORT(2, false),
  /// `int`, `s32`.
  INT(4, true),
  /// `unsigned int`, `u32`.
  UNSIGNED_INT(4, false),
  /// `long`.
  LONG(TypeRule.WORD, true),
  /// `unsigned long`, and pointers.
  UNSIGNED_LONG(TypeRule.WORD, false),
  /// `long long`, `s64`.
  LONG_LONG(8, true),
  /// `unsigned long long`, `u64`.
  UNSIGNED_LONG_LONG(8, false);

  private final int size;
  private final boolean signed;

  IntegerType(int size, boolean signed) {
    this.size = size;
    this.signed = signed;
  }

  /// Whether it is signed.
  public boolean isSigned() {
    return signed;
  }

  /// Its size in bytes.
  public int size(WordSize wordSize) {
    return size == TypeRule.WORD ? wordSize.bytes() : size;
  }

  /// The type that operands of this type are promoted to.
  public IntegerType promoted() {
    return compareTo(INT) < 0 ? INT : this;
  }

  /// The unsigned type of the same rank.
  public IntegerType unsigned() {
    return signed ? values()[ordinal() + 1] : this;
  }

  /// The type that two operands are converted to (C11 6.3.1.8).
  public static IntegerType common(IntegerType one, IntegerType other, WordSize wordSize) {
    IntegerType a = one.promoted();
    IntegerType b = other.promoted();
    IntegerType higher = a.compareTo(b) >= 0 ? a : b;
    IntegerType lower = higher == a ? b : a;
    if (higher.signed == lower.signed || !higher.signed) {
      return higher;
    }
    return higher.size(wordSize) > lower.size(wordSize) ? higher : higher.unsigned();
  }

  /// What a value becomes when it is converted to this type: its low bytes, extended by the sign or
  /// by zeros to 64 bits.
  public long convert(long value, WordSize wordSize) {
    if (this == BOOL) {
      return value != 0 ? 1 : 0;
    }
    int unused = 64 - 8 * size(wordSize);
    return signed ? value << unused >> unused : value << unused >>> unused;
  }

  /// The type of that name.
  ///
  /// @return null if it is no integer type that is known
  static @Nullable IntegerType named(String base) {
    TypeRule rule = TypeRule.of(base);
    return switch (rule.shape()) {
      case BOOL -> BOOL;
      case BITMASK, OPAQUE -> null;
      case INTEGER, CHARACTER, BYTE ->
          switch (rule.size()) {
            case 1 -> rule.signed() ? SIGNED_CHAR : UNSIGNED_CHAR;
            case 2 -> rule.signed() ? SHORT : UNSIGNED_SHORT;
            case 4 -> rule.signed() ? INT : UNSIGNED_INT;
            case 8 -> rule.signed() ? LONG_LONG : UNSIGNED_LONG_LONG;
            case TypeRule.WORD -> rule.signed() ? LONG : UNSIGNED_LONG;
            default -> null;
          };
    };
  }
}
