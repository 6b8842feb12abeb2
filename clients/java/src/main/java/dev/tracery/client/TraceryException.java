package dev.tracery.client;

import com.google.rpc.Code;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.v1.CompatibilityReport;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call that failed, with what the server said about it.
public final class TraceryException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// A reason of this client.
  static final String CONNECTION_LOST = "CONNECTION_LOST";

  private final Code code;
  private final String reason;
  private final transient List<FieldViolation> fieldViolations;
  private final transient List<Diagnostic> diagnostics;
  private final transient Optional<Resource> resource;
  private final transient Optional<CompatibilityReport> report;

  TraceryException(
      Code code,
      String reason,
      String message,
      List<FieldViolation> fieldViolations,
      List<Diagnostic> diagnostics,
      Optional<Resource> resource,
      Optional<CompatibilityReport> report,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.reason = reason;
    this.fieldViolations = List.copyOf(fieldViolations);
    this.diagnostics = List.copyOf(diagnostics);
    this.resource = resource;
    this.report = report;
  }

  TraceryException(Code code, String message, @Nullable Throwable cause) {
    this(code, "", message, List.of(), List.of(), Optional.empty(), Optional.empty(), cause);
  }

  /// The canonical status code. UNAVAILABLE means that the server could not be reached or went
  /// away; the call may be tried again.
  public Code code() {
    return code;
  }

  /// The reason within the code, as the server names it in `google.rpc.ErrorInfo`: `STORE_FULL`,
  /// `WRITERS_BUSY`; or `CONNECTION_LOST`, by this client: the server went away in the middle of a
  /// write, which may or may not have been done; or, by this client, too, why there is no
  /// connection: `TLS_WANTED`, `TLS_NOT_SPOKEN`, `CERTIFICATE_UNTRUSTED`,
  /// `CERTIFICATE_OF_OTHER_HOST`, `CERTIFICATE_EXPIRED`, `CERTIFICATE_TOO_NEW`, `TLS_FAILED`. Empty
  /// if there is none.
  public Optional<String> reason() {
    return Optional.of(reason).filter(named -> !named.isEmpty());
  }

  /// Whether the server went away in the middle of what may have been done.
  boolean isConnectionLost() {
    return reason.equals(CONNECTION_LOST);
  }

  /// Whether the server went away, and did not refuse. A grpc-java server that is stopped resets
  /// its streams, which arrives as CANCELLED.
  boolean isLost() {
    return code == Code.UNAVAILABLE
        || (code == Code.CANCELLED && !Thread.currentThread().isInterrupted());
  }

  /// Which fields of the request are wrong; for INVALID_ARGUMENT.
  public List<FieldViolation> fieldViolations() {
    return fieldViolations;
  }

  /// What was found in the formats that were sent.
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /// What is not there; for NOT_FOUND.
  public Optional<Resource> resource() {
    return resource;
  }

  /// What the kernel breaks whose registration was refused for that. Its counts are whole; of its
  /// findings there are as many as a status has room for.
  public Optional<CompatibilityReport> report() {
    return report;
  }

  /// A field of the request that is wrong.
  ///
  /// @param field its path: `header.identity.page_size`
  /// @param description what is wrong with it
  public record FieldViolation(String field, String description) {}

  /// Something in the registry.
  ///
  /// @param type what it is: `kernel`
  /// @param name which one
  public record Resource(String type, String name) {}
}
