package dev.tracery.cli;

import dev.tracery.diagnostic.Diagnostic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// Tells a failure in one line on standard error and turns it into an exit status. Never a stack
/// trace, unless `TRACERY_DEBUG=1`.
final class Failures {

  private final Console console;

  Failures(Console console) {
    this.console = console;
  }

  int tell(Throwable failure) {
    if (console.variable("TRACERY_DEBUG").filter("1"::equals).isPresent()) {
      failure.printStackTrace(console.err());
    }
    return switch (failure) {
      case Output.Closed _ -> ExitStatus.FINE;
      case CommandFailure e -> tell(e.exitStatus(), e.message(), e.diagnostics());
      case UncheckedIOException e when e.getCause() != null -> tell(e.getCause());
      case IOException e -> tell(ExitStatus.FAILED, reason(e), List.of());
      case OutOfMemoryError _ ->
          tell(ExitStatus.FAILED, "out of memory; JAVA_TOOL_OPTIONS=-Xmx2g gives more", List.of());
      default ->
          tell(
              ExitStatus.FAILED,
              "internal error: " + failure + "; TRACERY_DEBUG=1 shows where",
              List.of());
    };
  }

  private int tell(int status, String message, List<Diagnostic> diagnostics) {
    for (Diagnostic diagnostic : diagnostics) {
      console.err().println(Terms.printable(diagnostic.toString()));
    }
    console.err().println("tracery: " + Terms.printable(message));
    return status;
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case java.nio.file.NoSuchFileException e -> e.getFile() + ": no such file or directory";
      case java.nio.file.AccessDeniedException e -> e.getFile() + ": permission denied";
      case java.nio.file.FileAlreadyExistsException e -> e.getFile() + ": is there already";
      default -> String.valueOf(failure.getMessage());
    };
  }
}
