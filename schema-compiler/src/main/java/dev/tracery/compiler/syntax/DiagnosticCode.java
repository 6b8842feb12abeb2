package dev.tracery.compiler.syntax;

import static dev.tracery.diagnostic.Severity.ERROR;
import static dev.tracery.diagnostic.Severity.WARNING;

import dev.tracery.diagnostic.Severity;

/// Everything that can be wrong with a format file. The names are stable: they are
/// [dev.tracery.diagnostic.Diagnostic#code()].
public enum DiagnosticCode {
  FORMAT_TOO_LARGE(ERROR, "The file is larger than a format may be; nothing of it was read."),
  FORMAT_EMPTY(ERROR, "The file has no text."),
  FORMAT_HAS_CONTROL_CHARACTER(ERROR, "A NUL or another control character stands in the text."),
  LINE_UNEXPECTED(ERROR, "A line that no format has."),
  LINE_MISPLACED(ERROR, "A line that formats have elsewhere or only once."),
  LINE_MISSING(ERROR, "A line that every format has is not there."),
  NAME_INVALID(ERROR, "The event's name is empty, too long, or has characters no name has."),
  ID_INVALID(ERROR, "The event's id is no number from 0 to 65535."),
  FIELD_GARBLED(ERROR, "A field line does not read as declaration, offset, size and sign."),
  FIELD_COLUMN_MISSING(ERROR, "A field line lacks its offset or its size."),
  FIELD_NUMBER_INVALID(ERROR, "A column's value is no number, or too large for one."),
  FIELD_NAME_MISSING(ERROR, "A declaration has a type and no name."),
  FIELD_NAME_INVALID(
      ERROR, "A field's name is too long, or has characters that C names do not have."),
  FIELD_TYPE_INVALID(ERROR, "A declaration's type has characters that C types do not have."),
  FIELD_BEYOND_RECORD(ERROR, "A field ends beyond the 65,536 bytes that a record can hold."),
  FIELD_OVERLAPS(ERROR, "Two fields claim the same bytes."),
  FIELDS_TOO_MANY(ERROR, "The format has more fields than the limit allows."),
  COMMON_TYPE_MISSING(ERROR, "Without common_type a record does not say which event it is."),
  PRINT_STRING_UNTERMINATED(ERROR, "A string or character of the print format never ends."),
  PRINT_BRACKET_UNBALANCED(ERROR, "A bracket of the print format lacks its other half."),
  ERRORS_TOO_MANY(ERROR, "Further errors of the file were not listed."),
  COMMON_FIELD_MISSING(WARNING, "A common field that tools rely on is not there."),
  FIELD_COLUMN_UNKNOWN(WARNING, "A field line has a column that is not known; it is ignored."),
  FIELD_SIZE_ODD(WARNING, "A field is no integer for its size; it is read as bytes."),
  FIELD_ELEMENT_UNKNOWN(WARNING, "How large an array's elements are is not known; it is bytes."),
  PRINT_EMPTY(WARNING, "There is nothing after print fmt."),
  PRINT_FIELD_UNKNOWN(WARNING, "The print format names a field that the event does not have."),
  PRINT_NOT_UNDERSTOOD(WARNING, "The print format is no C expression that is understood."),
  WARNINGS_TOO_MANY(WARNING, "Further warnings of the file were not listed.");

  private final Severity severity;
  private final String purpose;

  DiagnosticCode(Severity severity, String purpose) {
    this.severity = severity;
    this.purpose = purpose;
  }

  /// Whether the file is refused for it.
  public Severity severity() {
    return severity;
  }

  /// What the code stands for, in a sentence.
  public String purpose() {
    return purpose;
  }
}
