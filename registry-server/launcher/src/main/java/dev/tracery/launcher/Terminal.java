package dev.tracery.launcher;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The terminal at which somebody can be asked.
final class Terminal {

  private static final Path STAT = Path.of("/proc/self/stat");
  private static final int PROCESS_GROUP = 2;
  private static final int FOREGROUND_GROUP = 5;

  private Terminal() {}

  /// The terminal, if there is one and this process is in its foreground. Who reads from it in the
  /// background (`tracery serve &`) is stopped by the kernel, with all its threads.
  static Optional<Console> get() {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .filter(_ -> isInForeground(stat()));
  }

  /// @param stat as in proc(5): after the command in brackets come state, ppid, pgrp, session,
  ///   tty_nr, tpgid
  static boolean isInForeground(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    return fields.length > FOREGROUND_GROUP
        && fields[PROCESS_GROUP].equals(fields[FOREGROUND_GROUP]);
  }

  private static String stat() {
    try {
      return Files.readString(STAT);
    } catch (IOException e) {
      return "";
    }
  }
}
