package dev.tracery.cli;

/// The `tracery` command's entry.
public final class Main {

  private Main() {}

  /// Runs one command and ends the process with its exit status: 0 fine, 1 a verdict against, 2
  /// wrong use or bad input, 3 the server cannot be reached or failed.
  public static void main(String[] args) {
    System.exit(TraceryCommand.run(Console.ofProcess(), args));
  }
}
