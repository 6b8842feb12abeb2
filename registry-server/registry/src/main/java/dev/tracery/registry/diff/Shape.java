package dev.tracery.registry.diff;

import dev.tracery.compiler.layout.FieldKind;

/// What a field is, apart from width and sign: a change of it is a change of kind.
enum Shape {
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

  String word() {
    return word;
  }

  static Shape of(FieldKind kind) {
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
  boolean hasSign() {
    return this == INTEGER || this == ARRAY;
  }
}
