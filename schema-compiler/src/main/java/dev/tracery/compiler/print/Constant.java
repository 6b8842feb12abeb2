package dev.tracery.compiler.print;

/// A constant's value.
///
/// @param value extended by the sign, or by zeros if the type is unsigned
/// @param type its type
public record Constant(long value, IntegerType type) {}
