package dev.tracery.cli;

import dev.tracery.client.TraceryException;
import dev.tracery.diagnostic.Diagnostic;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Ends a command with a message for its user.
final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// Reasons that are the server's, though others of their code are the caller's.
  private static final Set<String> SERVERS_OWN = Set.of("STORE_FULL", "WRITERS_BUSY");

  private final int exitStatus;
  private final transient List<Diagnostic> diagnostics;

  private CommandFailure(
      int exitStatus, String message, List<Diagnostic> diagnostics, @Nullable Throwable cause) {
    super(message, cause);
    this.exitStatus = exitStatus;
    this.diagnostics = List.copyOf(diagnostics);
  }

  /// The command was used wrongly, or its input is bad.
  static CommandFailure wrongUse(String message) {
    return new CommandFailure(ExitStatus.WRONG_USE, message, List.of(), null);
  }

  /// The input is bad.
  ///
  /// @param diagnostics what is wrong with it, not yet shown
  static CommandFailure badInput(String message, List<Diagnostic> diagnostics) {
    return new CommandFailure(ExitStatus.WRONG_USE, message, diagnostics, null);
  }

  /// The server or this machine failed.
  static CommandFailure failed(String message) {
    return new CommandFailure(ExitStatus.FAILED, message, List.of(), null);
  }

  /// The server refused or failed.
  ///
  /// @param server where it is
  static CommandFailure of(TraceryException failure, String server) {
    return new CommandFailure(
        exitStatus(failure), message(failure, server), failure.diagnostics(), failure);
  }

  int exitStatus() {
    return exitStatus;
  }

  List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  /// The exit status for a code: what the caller can mend by asking differently is wrong use.
  private static int exitStatus(TraceryException failure) {
    if (failure.reason().filter(SERVERS_OWN::contains).isPresent()) {
      return ExitStatus.FAILED;
    }
    return switch (failure.code()) {
      case OK -> ExitStatus.FINE;
      case INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          RESOURCE_EXHAUSTED ->
          ExitStatus.WRONG_USE;
      case CANCELLED,
          UNKNOWN,
          DEADLINE_EXCEEDED,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          ABORTED,
          UNIMPLEMENTED,
          INTERNAL,
          UNAVAILABLE,
          DATA_LOSS,
          UNRECOGNIZED ->
          ExitStatus.FAILED;
    };
  }

  private static final Set<String> ANSWERED =
      Set.of("CONNECTION_LOST", "STORE_UNAVAILABLE", "REVISION_NOT_HERE", "REGISTRY_UNAVAILABLE");

  /// What may help where nothing answered.
  private static String hint(TraceryException failure) {
    return switch (failure.reason().orElse("")) {
      case "TLS_WANTED" -> "--tls speaks it, --tls-ca names the authority of its certificate";
      case "TLS_NOT_SPOKEN" -> "leave out --tls and its like, and look at TRACERY_TLS and its like";
      case "CERTIFICATE_UNTRUSTED" -> "--tls-ca names the authority, or the certificate itself";
      case "CERTIFICATE_OF_OTHER_HOST" -> "--server takes the name that it is for";
      case "CERTIFICATE_EXPIRED", "CERTIFICATE_TOO_NEW" ->
          "whoever runs the registry must replace it, unless this machine's clock is wrong";
      case "TLS_FAILED" -> "the registry's log may say more";
      default ->
          failure.getMessage() != null
                  && failure.getMessage().matches("(Connection reset|the connection was closed).*")
              ? "if it speaks TLS, --tls or --tls-ca is missing"
              : "is it running? `tracery serve` starts one, --server names another";
    };
  }

  private static String message(TraceryException failure, String server) {
    // Why not as where nothing answers: it is no answer, or a server has given it.
    if (ANSWERED.contains(failure.reason().orElse(""))) {
      return String.valueOf(failure.getMessage());
    }
    StringBuilder text = new StringBuilder();
    switch (failure.code()) {
      case UNAVAILABLE ->
          text.append("cannot reach the registry at ")
              .append(server)
              .append(" (")
              .append(failure.getMessage())
              .append("); ")
              .append(hint(failure));
      case DEADLINE_EXCEEDED ->
          text.append("the registry at ").append(server).append(" did not answer in time");
      case UNIMPLEMENTED ->
          text.append("what listens at ")
              .append(server)
              .append(" is not a registry that knows this command: ")
              .append(failure.getMessage());
      default -> text.append(failure.getMessage());
    }
    failure.fieldViolations().stream()
        .filter(v -> !text.toString().contains(v.description()))
        .forEach(v -> text.append("; ").append(v.field()).append(": ").append(v.description()));
    return text.toString();
  }
}
