package dev.tracery.compiler.print;

/// Thrown inside this package where a print format is no C that is understood.
final class NotUnderstood extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int at;

  /// @param at where, in bytes from the file's start
  /// @param reason what was expected and what was found
  NotUnderstood(int at, String reason) {
    super(reason, null, false, false);
    this.at = at;
  }

  int at() {
    return at;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
