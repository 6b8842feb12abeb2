package dev.tracery.launcher;

/// The server cannot start or go on. The message is one line for the person at the terminal: what
/// is wrong, then what to do.
final class LaunchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Exit status of a command line or configuration file that cannot be understood.
  static final int WRONG_USE = 2;

  /// Exit status of a server that failed.
  static final int FAILED = 3;

  private final int exitStatus;

  private LaunchException(int exitStatus, String message) {
    super(message);
    this.exitStatus = exitStatus;
  }

  static LaunchException wrongUse(String message) {
    return new LaunchException(WRONG_USE, message);
  }

  static LaunchException failed(String message) {
    return new LaunchException(FAILED, message);
  }

  int exitStatus() {
    return exitStatus;
  }
}
