package dev.tracery.registry.diff;

import dev.tracery.compiler.layout.FieldKind;

/// What a field is, apart from width and sign: a change of it is a change of kind.
public enum Shape {
  INTEGER("integer"),
  BOOL("bool"),
  STRING("string"),
  BYTES("bytes"),
  ARRAY("array"),
  BITMASK("bitmask");

  private final String word;

  Shape(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Shape of(FieldKind kind) {
    return switch (kind) {
      case SIGNED, UNSIGNED -> INTEGER;
      case BOOL -> BOOL;
      case STRING -> STRING;
      case BYTES -> BYTES;
      case SIGNED_ARRAY, UNSIGNED_ARRAY -> ARRAY;
      case BITMASK -> BITMASK;
    };
  }

  /// Whether a sign means something: on integers and arrays of integers.
  public boolean hasSign() {
    return this == INTEGER || this == ARRAY;
  }
}
