package dev.tracery.trace;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;

/// What can be wrong with the records of a trace. What can be wrong with the rest is in
/// [dev.tracery.compiler.input.InputCode].
public enum TraceCode {
  /// Nothing that is a trace.
  TRACE_NOT_RECOGNISED(Severity.ERROR),
  /// A trace without any records, not even none: their place is not told.
  RECORDS_MISSING(Severity.ERROR),
  /// A latency tracer's text instead of records.
  RECORDS_ARE_TEXT(Severity.ERROR),
  /// Raw pages without the kernel's formats.
  FORMATS_MISSING(Severity.ERROR),
  /// Nothing says how pages are built; it is guessed.
  PAGE_FORMAT_MISSING(Severity.ERROR),
  /// A CPU's records are beyond the end of the file: it was cut.
  RECORDS_BEYOND_END(Severity.ERROR),
  /// A CPU's records lie where another's do.
  RECORDS_OVERLAP(Severity.ERROR),
  /// A compression of records that this reader does not know.
  COMPRESSION_UNSUPPORTED(Severity.ERROR),
  /// A compressed chunk of pages that cannot be decompressed, or is not as its head says.
  CHUNK_DAMAGED(Severity.ERROR),
  /// A chunk of more bytes than [TraceLimits] allows.
  CHUNK_TOO_LARGE(Severity.ERROR),
  /// A page in which something cannot be. The rest of the page is lost.
  PAGE_DAMAGED(Severity.ERROR),
  /// The file became shorter while it was read.
  INPUT_SHRANK(Severity.ERROR);

  private final Severity severity;

  TraceCode(Severity severity) {
    this.severity = severity;
  }

  /// A finding with this code.
  ///
  /// @param hint what to do about it; may be empty
  Diagnostic at(SourceLocation where, String message, String hint) {
    return new Diagnostic(severity, name(), where, message, hint);
  }
}
