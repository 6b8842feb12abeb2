package dev.tracery.registry;

import dev.tracery.diagnostic.Diagnostic;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call that the registry refuses. Nothing has changed, but for [Code#UNCERTAIN].
public final class RegistryException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// Why, in the terms of the canonical status codes.
  public enum Code {
    /// The request is wrong whatever the registry holds.
    INVALID_ARGUMENT,
    /// What it names is not there.
    NOT_FOUND,
    /// It names something that more than one thing answers to, or needs a state that the registry
    /// is not in.
    FAILED_PRECONDITION,
    /// It is beyond a configured limit.
    RESOURCE_EXHAUSTED,
    /// It names a revision that is not there yet.
    OUT_OF_RANGE,
    /// What is stored or imported is damaged.
    DATA_LOSS,
    /// The store cannot be reached now. Nothing was written.
    UNAVAILABLE,
    /// The store was lost while something was being written: it is there whole or not at all. Ask,
    /// then try again.
    UNCERTAIN
  }

  private final Code code;
  private final String subject;
  private final transient List<Diagnostic> diagnostics;
  private final transient Compatibility.@Nullable Report report;

  /// @param subject what the refusal is about, as [#subject] has it
  /// @param message what is wrong and what to do
  public RegistryException(Code code, String subject, String message) {
    this(code, subject, message, List.of());
  }

  public RegistryException(
      Code code, String subject, String message, List<Diagnostic> diagnostics) {
    this(code, subject, message, diagnostics, null);
  }

  /// A candidate that breaks a series which enforces.
  public RegistryException(String series, String message, Compatibility.Report report) {
    this(Code.FAILED_PRECONDITION, series, message, List.of(), report);
  }

  private RegistryException(
      Code code,
      String subject,
      String message,
      List<Diagnostic> diagnostics,
      Compatibility.@Nullable Report report) {
    super(message);
    this.code = code;
    this.subject = subject;
    this.diagnostics = List.copyOf(diagnostics);
    this.report = report;
  }

  public Code code() {
    return code;
  }

  /// What this is about; may be empty. INVALID_ARGUMENT and OUT_OF_RANGE: the request's field
  /// (`filter`, `at_revision`). NOT_FOUND: the kernel, event (`system/name`) or layout (64
  /// hexadecimal digits) that is not there. Otherwise: what is exhausted or in the wrong state.
  public String subject() {
    return subject;
  }

  /// What was found in the formats; empty unless they are the reason.
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /// What the candidate breaks; empty unless that is the reason.
  public Optional<Compatibility.Report> report() {
    return Optional.ofNullable(report);
  }
}
