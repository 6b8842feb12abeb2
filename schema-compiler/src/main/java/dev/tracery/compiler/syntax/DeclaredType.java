package dev.tracery.compiler.syntax;

/// The type of a declaration.
///
/// @param text as the format spells it, without the name: `char[16]`, `__data_loc u8[]`
/// @param storage what it says about where the value lies
/// @param base the type's words without qualifiers and attributes, one blank between two: `unsigned
///   long`, `struct page`
/// @param pointer whether it is a pointer, or an array of pointers
/// @param array whether it has brackets
/// @param count what stands in the brackets, if that is a constant; otherwise -1
public record DeclaredType(
    String text, Storage storage, String base, boolean pointer, boolean array, int count) {}
