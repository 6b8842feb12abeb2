package dev.tracery.compiler.layout;

/// Where a field's value lies in a record.
public enum Placement {
  /// At the field's own offset and size.
  FIXED,
  /// `__data_loc`: the field is a word that holds length and offset from the record's start.
  DATA_LOC,
  /// `__rel_loc`: the same, but the offset counts from the end of the word.
  REL_LOC,
  /// A flexible array: from the field's offset to the record's end.
  REST
}
