package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;

/// Something that an input says of its kernel.
///
/// @param where the input says so
public record Fact<T>(T value, SourceLocation where) {}
