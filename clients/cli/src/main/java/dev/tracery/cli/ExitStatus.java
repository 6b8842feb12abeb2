package dev.tracery.cli;

/// What the command's exit status says.
final class ExitStatus {

  /// All went well.
  static final int FINE = 0;

  /// The answer is no: a kernel breaks somebody, or a tool cannot run.
  static final int VERDICT_AGAINST = 1;

  /// The command was used wrongly, or its input is bad.
  static final int WRONG_USE = 2;

  /// The server could not be reached or failed, or this machine failed.
  static final int FAILED = 3;

  private ExitStatus() {}
}
