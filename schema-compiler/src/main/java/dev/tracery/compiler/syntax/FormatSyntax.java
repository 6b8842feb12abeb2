package dev.tracery.compiler.syntax;

import java.util.List;

/// A format file, read but not judged. Where the file has errors, what could not be read is left
/// out.
///
/// @param name the event's name; empty if there is none
/// @param id the event's id; -1 if there is none
/// @param idAt where it stands
/// @param commonFields the fields of the first block that begin with `common_`
/// @param fields the others, in the format's order
/// @param commonStart where the first block begins
/// @param commonEnd where it ends, the blank line included; the same as `commonStart` if it is
///   empty, has other fields in it, or never ends
/// @param printStart where the text after `print fmt:` begins; -1 if there is none
/// @param printEnd where it ends: line feeds and NULs at the file's end do not belong to it
public record FormatSyntax(
    String name,
    int id,
    int idAt,
    List<FieldSyntax> commonFields,
    List<FieldSyntax> fields,
    int commonStart,
    int commonEnd,
    int printStart,
    int printEnd) {}
