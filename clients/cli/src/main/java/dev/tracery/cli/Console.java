package dev.tracery.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What a command sees of the process that it runs in.
///
/// @param in standard input
/// @param out standard output
/// @param err standard error
/// @param outIsTerminal whether a person reads standard output
/// @param errIsTerminal whether a person reads standard error
/// @param environment the environment variables
record Console(
    InputStream in,
    Output out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Map<String, String> environment) {

  /// This process' own.
  static Console ofProcess() {
    return new Console(
        new FileInputStream(FileDescriptor.in),
        new Output(new FileOutputStream(FileDescriptor.out)),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        isTerminal(1),
        isTerminal(2),
        System.getenv());
  }

  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /// Whether `TRACERY_DEBUG=1` asks for stack traces and logs.
  boolean debug() {
    return variable("TRACERY_DEBUG").equals(Optional.of("1"));
  }

  /// Whether standard output may be coloured: a terminal, and neither `NO_COLOR` (no-color.org) nor
  /// `TERM=dumb` speaks against it.
  boolean colour() {
    return outIsTerminal
        && variable("NO_COLOR").isEmpty()
        && !variable("TERM").equals(Optional.of("dumb"));
  }

  private static boolean isTerminal(int descriptor) {
    // Why: the JDK has no isatty for one descriptor. Linux shows what each one is in procfs.
    try {
      String target =
          Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor))).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
