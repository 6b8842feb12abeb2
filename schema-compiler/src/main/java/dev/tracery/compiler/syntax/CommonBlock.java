package dev.tracery.compiler.syntax;

import java.util.List;

/// The first block of field lines, which is nearly always the same in all formats of a kernel, so
/// that a parser that is given it need not read it again.
///
/// @param text the bytes after the line `format:`, up to and with the blank line
/// @param fields what they say
public record CommonBlock(byte[] text, List<FieldSyntax> fields) {}
