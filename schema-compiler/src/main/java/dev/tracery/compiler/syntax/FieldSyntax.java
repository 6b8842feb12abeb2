package dev.tracery.compiler.syntax;

/// One field line.
///
/// @param type the declaration without the name
/// @param name verbatim
/// @param offset the `offset:` column
/// @param size the `size:` column
/// @param sign the `signed:` column; -1 where there is none
/// @param at where the line's text begins, in bytes from the file's start
public record FieldSyntax(DeclaredType type, String name, int offset, int size, int sign, int at) {

  /// The offset of the first byte after the field.
  public int end() {
    return offset + size;
  }
}
