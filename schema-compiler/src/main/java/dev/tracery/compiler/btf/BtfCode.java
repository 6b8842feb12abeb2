package dev.tracery.compiler.btf;

import static dev.tracery.diagnostic.Severity.ERROR;
import static dev.tracery.diagnostic.Severity.WARNING;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;

/// Everything that can be wrong with BTF. The names are stable: they are [Diagnostic#code()].
public enum BtfCode {
  /// The file does not begin as BTF does.
  BTF_NOT_RECOGNISED(ERROR),
  /// A version, or a kind of type, that this reader does not know.
  BTF_VERSION_UNSUPPORTED(ERROR),
  /// The file ends where more must follow.
  BTF_TRUNCATED(ERROR),
  /// A value that BTF does not allow.
  BTF_DAMAGED(ERROR),
  /// Types that refer to each other in a circle, where C allows none.
  BTF_LOOPS(ERROR),
  /// A type that takes thousands of characters to write down.
  BTF_TYPE_TOO_COMPLEX(ERROR),
  /// A module's BTF, which is only readable together with that of its kernel.
  BTF_IS_SPLIT(ERROR),
  /// The BTF of a kernel of another byte order or word size.
  BTF_OF_OTHER_TARGET(ERROR),
  /// BTF of which too many structs differ from the formats that it comes with.
  BTF_OF_OTHER_KERNEL(ERROR),
  /// Neither a tracepoint nor a struct of an event class.
  BTF_HAS_NO_TRACEPOINTS(ERROR),
  /// Something named like a tracepoint that is none; it is left out.
  BTF_TRACEPOINT_ODD(WARNING),
  /// Two tracepoints, or two structs, of one name that differ; the first is taken.
  BTF_NAME_REPEATED(WARNING);

  private final Severity severity;

  BtfCode(Severity severity) {
    this.severity = severity;
  }

  /// Whether the BTF is refused for it.
  public Severity severity() {
    return severity;
  }

  /// A finding with this code.
  ///
  /// @param hint what to do about it; may be empty
  Diagnostic at(SourceLocation where, String message, String hint) {
    return new Diagnostic(severity, name(), where, message, hint);
  }
}
