package dev.tracery.compiler.syntax;

/// What a declaration says about where the value lies.
public enum Storage {
  /// Nothing: at the field's offset.
  PLAIN,
  /// `__data_loc`.
  DATA_LOC,
  /// `__rel_loc`.
  REL_LOC
}
