package dev.tracery.diagnostic;

/// How bad a finding is.
public enum Severity {
  /// The input was understood as far as needed; something in it is odd.
  WARNING,
  /// The input is refused.
  ERROR;

  /// `warning` or `error`.
  public String word() {
    return this == WARNING ? "warning" : "error";
  }
}
