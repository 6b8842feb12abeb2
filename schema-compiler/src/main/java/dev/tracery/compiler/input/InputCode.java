package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;

/// What can be wrong with an input, or with what the user says of it.
public enum InputCode {
  /// The operating system refuses to open or read it, or it is gone.
  INPUT_UNREADABLE(Severity.ERROR),
  /// Neither a directory nor a regular file, or none of the known kinds.
  INPUT_NOT_RECOGNISED(Severity.ERROR),
  /// More bytes than the kind of file may have.
  INPUT_TOO_LARGE(Severity.ERROR),
  /// A version of a known kind that this reader does not know.
  VERSION_UNSUPPORTED(Severity.ERROR),
  /// The bytes end where more must follow.
  INPUT_TRUNCATED(Severity.ERROR),
  /// A size in the input reaches beyond what holds it.
  SIZE_BEYOND_END(Severity.ERROR),
  /// A value that the kind of file does not allow.
  VALUE_INVALID(Severity.ERROR),
  /// A chain of sections comes back to where it was.
  SECTION_LOOPS(Severity.ERROR),
  /// Compressed bytes that cannot be decompressed.
  COMPRESSION_DAMAGED(Severity.ERROR),
  /// A compression that this reader does not know, or that needs more memory than allowed.
  COMPRESSION_UNSUPPORTED(Severity.ERROR),
  /// More decompressed bytes than [InputLimits] allows.
  DECOMPRESSED_TOO_LARGE(Severity.ERROR),
  /// More bytes per compressed byte than [InputLimits] allows: a decompression bomb.
  COMPRESSION_RATIO_TOO_HIGH(Severity.ERROR),
  /// A header block of a tar that is not one.
  TAR_DAMAGED(Severity.ERROR),
  /// Bytes after a tar's end that are not zero. They are not read.
  TAR_DATA_AFTER_END(Severity.WARNING),
  /// More entries, or sections, than [InputLimits] allows.
  ENTRIES_TOO_MANY(Severity.ERROR),
  /// An entry's path is absolute or leads out of the archive.
  ENTRY_PATH_UNSAFE(Severity.ERROR),
  /// A link where a format, or a folder of them, is expected. Links are never followed.
  ENTRY_IS_LINK(Severity.ERROR),
  /// Something other than a regular file where a format is expected.
  ENTRY_TYPE_UNSUPPORTED(Severity.ERROR),
  /// A format that cannot be read.
  ENTRY_UNREADABLE(Severity.ERROR),
  /// Two trees of formats, and nothing says which is meant.
  TREE_AMBIGUOUS(Severity.ERROR),
  /// Not one format in the input.
  EVENTS_MISSING(Severity.ERROR),
  /// More events than [InputLimits] allows.
  EVENTS_TOO_MANY(Severity.ERROR),
  /// Two formats of one event that differ.
  EVENT_DUPLICATE(Severity.ERROR),
  /// Two formats of one event that are the same; one is kept.
  EVENT_REPEATED(Severity.WARNING),
  /// A name that no event can have.
  EVENT_NAME_INVALID(Severity.ERROR),
  /// A format without a `name:` line where only that line names the event.
  EVENT_NAME_MISSING(Severity.ERROR),
  /// A format of more bytes than [InputLimits] allows.
  FORMAT_TOO_LARGE(Severity.ERROR),
  /// All formats together have more bytes than [InputLimits] allows.
  FORMATS_TOO_LARGE(Severity.ERROR),
  /// A `trace.dat` without the options that say where its records are; they are looked for.
  RECORDS_RECOVERED(Severity.ERROR),
  /// A `perf.data` without the section that carries formats.
  TRACING_DATA_MISSING(Severity.ERROR),
  /// Two places in the input tell different things of the kernel.
  FACTS_DISAGREE(Severity.ERROR),
  /// A flag says other than the input.
  FLAG_CONTRADICTS_INPUT(Severity.ERROR),
  /// The machine's byte order or word size, as known for it, is not what the input or a flag says.
  MACHINE_CONTRADICTS_INPUT(Severity.ERROR),
  /// Neither the input nor a flag tells it.
  FACT_MISSING(Severity.ERROR),
  /// What the input and the flags say is not what a kernel can have.
  IDENTITY_INVALID(Severity.ERROR),
  /// So many problems that the rest is not shown.
  PROBLEMS_TOO_MANY(Severity.ERROR);

  private final Severity severity;

  InputCode(Severity severity) {
    this.severity = severity;
  }

  /// A finding with this code.
  ///
  /// @param hint what to do about it; may be empty
  Diagnostic at(SourceLocation where, String message, String hint) {
    return new Diagnostic(severity, name(), where, message, hint);
  }
}
