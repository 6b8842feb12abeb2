package dev.tracery.cli;

import dev.tracery.v1.RunOutcome;

/// What the command's exit status says.
final class ExitStatus {

  /// All went well.
  static final int FINE = 0;

  /// The answer is no: a kernel breaks somebody, or a tool cannot run or it is not known whether it
  /// can.
  static final int VERDICT_AGAINST = 1;

  /// The command was used wrongly, or its input is bad.
  static final int WRONG_USE = 2;

  /// The server could not be reached or failed, or this machine failed.
  static final int FAILED = 3;

  private ExitStatus() {}

  /// What is said of a tool that asks whether it can run: that the registry cannot tell is no yes.
  static int of(RunOutcome outcome) {
    return switch (outcome) {
      case RUN_OUTCOME_ACCEPTED, RUN_OUTCOME_DEGRADED -> FINE;
      case RUN_OUTCOME_REJECTED, RUN_OUTCOME_UNKNOWN, RUN_OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
          VERDICT_AGAINST;
    };
  }
}
