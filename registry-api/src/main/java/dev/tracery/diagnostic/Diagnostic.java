package dev.tracery.diagnostic;

/// Something found in an input.
///
/// @param severity how bad it is
/// @param code a stable name, `FIELD_OVERLAPS`; the enums of each reader list theirs
/// @param location where
/// @param message what is wrong: expected X but found Y. No line breaks, no control characters
/// @param hint what to do about it; may be empty
public record Diagnostic(
    Severity severity, String code, SourceLocation location, String message, String hint) {

  /// `file:line:column: severity CODE: message`, and the hint in brackets if there is one.
  @Override
  public String toString() {
    String text = location + ": " + severity.word() + " " + code + ": " + message;
    return hint.isEmpty() ? text : text + " (" + hint + ")";
  }
}
