package dev.tracery.compiler.print;

/// The print format of an event.
///
/// @param text the text after `print fmt: `, verbatim
public record PrintFormat(String text) {}
