package dev.tracery.trace;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;

/// What can be wrong with the records of a `perf.data`.
enum PerfCode {
  /// The table of attributes, or an attribute in it, reaches beyond the file, or has a size that
  /// none can have.
  ATTRIBUTES_DAMAGED(Severity.ERROR),
  /// More attributes or ids than are held.
  ATTRIBUTES_TOO_MANY(Severity.ERROR),
  /// No attribute is a tracepoint's with raw records: there is nothing to translate.
  TRACEPOINTS_MISSING(Severity.ERROR),
  /// Samples of tracepoints without `PERF_SAMPLE_RAW`: the kernel's record is not there.
  RAW_RECORDS_MISSING(Severity.ERROR),
  /// Attributes whose samples differ and say not where the id is.
  SAMPLES_AMBIGUOUS(Severity.ERROR),
  /// Bytes that are no record where one must begin. Reading goes on at the next that is one.
  RECORD_DAMAGED(Severity.ERROR),
  /// A record that ends before what its attribute says it has.
  SAMPLE_DAMAGED(Severity.ERROR),
  /// Samples with an id that no attribute has.
  SAMPLE_ID_UNKNOWN(Severity.WARNING),
  /// Records that come later than one with a higher timestamp was given out.
  OUT_OF_ORDER(Severity.WARNING),
  /// Events that were lost after the last one of their CPU, or that no CPU is told for.
  EVENTS_LOST(Severity.WARNING),
  /// More processes than names are held of.
  COMMANDS_TOO_MANY(Severity.WARNING);

  private final Severity severity;

  PerfCode(Severity severity) {
    this.severity = severity;
  }

  /// A finding with this code.
  Diagnostic at(String file, long byteOffset, String message, String hint) {
    return new Diagnostic(
        severity, name(), SourceLocation.inBinary(file, byteOffset), message, hint);
  }
}
