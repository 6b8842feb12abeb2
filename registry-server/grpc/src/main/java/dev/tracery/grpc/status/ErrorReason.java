package dev.tracery.grpc.status;

import io.grpc.Status.Code;

/// Why a call failed: the `reason` of the `google.rpc.ErrorInfo` that every failure carries, with
/// the domain `tracery.dev`. Names are for ever; programs act on them.
public enum ErrorReason {
  /// A field is not as its comment in the `.proto` says. With `BadRequest`.
  REQUEST_INVALID(Code.INVALID_ARGUMENT),
  /// The bytes of the request are no message of its type.
  REQUEST_MALFORMED(Code.INVALID_ARGUMENT),
  /// The formats that were sent have errors. With `Diagnostic`s.
  FORMATS_INVALID(Code.INVALID_ARGUMENT),
  /// What the request names is not there. With `ResourceInfo`.
  RESOURCE_NOT_FOUND(Code.NOT_FOUND),
  /// A revision that the registry has not reached. With `BadRequest`.
  REVISION_NOT_REACHED(Code.OUT_OF_RANGE),
  /// The registry is not in the state that the call needs. With `PreconditionFailure`.
  STATE_UNSUITABLE(Code.FAILED_PRECONDITION),
  /// The kernel breaks somebody, and its series enforces. With a `CompatibilityReport`, whose
  /// counts are whole and whose findings are as many as fit.
  KERNEL_BREAKS(Code.FAILED_PRECONDITION),
  /// The input is beyond one of the server's limits; a retry fails too. With `QuotaFailure`.
  LIMIT_EXCEEDED(Code.RESOURCE_EXHAUSTED),
  /// As many writers as the server allows are at work; a retry may pass. With `RetryInfo`.
  WRITERS_BUSY(Code.RESOURCE_EXHAUSTED),
  /// What was sent is no trace, or none that can be read. With `Diagnostic`s.
  TRACE_INVALID(Code.INVALID_ARGUMENT),
  /// As many traces as the server allows are being translated; a retry may pass. With `RetryInfo`.
  TRANSLATIONS_BUSY(Code.RESOURCE_EXHAUSTED),
  /// The server wants a token, and the call has none.
  TOKEN_MISSING(Code.UNAUTHENTICATED),
  /// The server does not know the token of the call, or not any more.
  TOKEN_UNKNOWN(Code.UNAUTHENTICATED),
  /// The server wants a client certificate, and the connection has none.
  CERTIFICATE_MISSING(Code.UNAUTHENTICATED),
  /// The server takes no translators from this caller.
  INSTALL_NOT_ALLOWED(Code.PERMISSION_DENIED),
  /// The store has no room left.
  STORE_FULL(Code.RESOURCE_EXHAUSTED),
  /// What is stored, or what was imported, is damaged.
  DATA_DAMAGED(Code.DATA_LOSS),
  /// The store cannot be reached now. With `RetryInfo`.
  STORE_UNAVAILABLE(Code.UNAVAILABLE),
  /// This server has not read the revision that the call wants at least; another server, or a
  /// retry, may have it. With `RetryInfo`.
  REVISION_NOT_HERE(Code.UNAVAILABLE),
  /// The store was lost in the middle of a write, which is there whole or not at all. Who reads
  /// knows; who writes the same again does no harm where the call says so.
  WRITE_UNCERTAIN(Code.UNKNOWN),
  /// The registry is not up yet, or is being replaced. With `RetryInfo`.
  REGISTRY_UNAVAILABLE(Code.UNAVAILABLE),
  /// The server is stopping; another one, or the next one, will answer. With `RetryInfo`.
  SERVER_STOPPING(Code.UNAVAILABLE),
  /// The client opened a stream and then sent nothing, or took nothing, for too long.
  STREAM_STALLED(Code.DEADLINE_EXCEEDED),
  /// A defect of the server. The metadata's `id` finds it in the server's log.
  SERVER_DEFECT(Code.INTERNAL);

  /// The domain of every reason here.
  public static final String DOMAIN = "tracery.dev";

  private final Code code;

  ErrorReason(Code code) {
    this.code = code;
  }

  /// The canonical code that goes with it.
  public Code code() {
    return code;
  }
}
