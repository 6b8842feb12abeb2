package dev.tracery.cli;

import dev.tracery.diagnostic.Diagnostic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/// Tells a failure in one line on standard error and turns it into an exit status. Never a stack
/// trace, unless `TRACERY_DEBUG=1`.
final class Failures {

  private final Console console;

  Failures(Console console) {
    this.console = console;
  }

  int tell(Throwable failure) {
    if (console.debug()) {
      failure.printStackTrace(console.err());
    }
    return switch (failure) {
      case Output.Closed _ -> ExitStatus.FINE;
      case CommandFailure e -> tell(e.exitStatus(), e.message(), e.diagnostics());
      case UncheckedIOException e when e.getCause() != null -> tell(e.getCause());
      case NoSuchFileException e -> wrongFile(e, "no such file or directory");
      case AccessDeniedException e -> wrongFile(e, "permission denied");
      case FileAlreadyExistsException e -> wrongFile(e, "is there already");
      case NotDirectoryException e -> wrongFile(e, "not a directory");
      case IOException e -> tell(ExitStatus.FAILED, String.valueOf(e.getMessage()), List.of());
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

  private int wrongFile(FileSystemException e, String reason) {
    return tell(ExitStatus.WRONG_USE, e.getFile() + ": " + reason, List.of());
  }
}
