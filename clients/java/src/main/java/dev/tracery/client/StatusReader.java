package dev.tracery.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import dev.tracery.client.TraceryException.FieldViolation;
import dev.tracery.client.TraceryException.Resource;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.v1.CompatibilityReport;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns the status of a failed call into a [TraceryException], google.rpc details included.
final class StatusReader {

  private StatusReader() {}

  static TraceryException read(StatusException failure) {
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    if (status == null) {
      return new TraceryException(Code.UNKNOWN, String.valueOf(failure.getMessage()), failure);
    }
    List<FieldViolation> violations = new ArrayList<>();
    List<Diagnostic> diagnostics = new ArrayList<>();
    Optional<Resource> resource = Optional.empty();
    Optional<CompatibilityReport> report = Optional.empty();
    String reason = "";
    for (Any detail : status.getDetailsList()) {
      try {
        if (detail.is(ErrorInfo.class)) {
          reason = detail.unpack(ErrorInfo.class).getReason();
        } else if (detail.is(BadRequest.class)) {
          for (var violation : detail.unpack(BadRequest.class).getFieldViolationsList()) {
            violations.add(new FieldViolation(violation.getField(), violation.getDescription()));
          }
        } else if (detail.is(dev.tracery.v1.Diagnostic.class)) {
          diagnostics.add(DiagnosticReader.read(detail.unpack(dev.tracery.v1.Diagnostic.class)));
        } else if (detail.is(CompatibilityReport.class)) {
          report = Optional.of(detail.unpack(CompatibilityReport.class));
        } else if (detail.is(ResourceInfo.class)) {
          ResourceInfo info = detail.unpack(ResourceInfo.class);
          resource = Optional.of(new Resource(info.getResourceType(), info.getResourceName()));
        }
      } catch (InvalidProtocolBufferException e) {
        // Why: a detail that cannot be read must not hide the status that it explains.
        failure.addSuppressed(e);
      }
    }
    Code code = Code.forNumber(status.getCode());
    String message = message(status, failure);
    if (reason.isEmpty()) {
      String innermost = innermost(failure, message);
      Optional<TlsFailure> tls = TlsFailure.of(innermost);
      if (tls.isPresent()) {
        // Why not gRPC's code, which is INTERNAL for some of these: nothing answered.
        code = Code.UNAVAILABLE;
        reason = tls.get().name();
        message = tls.get().text(innermost);
      } else if (code == Code.UNKNOWN && root(failure) instanceof ClosedChannelException) {
        // Why: so gRPC says it where a connection ends while the call is put onto it.
        code = Code.UNAVAILABLE;
      }
    }
    return new TraceryException(
        code == null ? Code.UNKNOWN : code,
        reason,
        message,
        violations,
        diagnostics,
        resource,
        report,
        failure);
  }

  /// What failed in the connection, if that is why the call failed; else empty, or `message` where
  /// bytes came that are no HTTP/2.
  private static String innermost(StatusException failure, String message) {
    Throwable root = root(failure);
    if (root != failure) {
      return String.valueOf(root.getMessage());
    }
    return message.startsWith("http2 exception") ? message : "";
  }

  private static Throwable root(StatusException failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /// The status' message; for a connection that failed, with the operating system's reason.
  private static String message(com.google.rpc.Status status, StatusException failure) {
    if (status.getMessage().startsWith("CallOptions deadline exceeded")) {
      // Why: what follows are numbers for who debugs gRPC.
      return "no answer in time";
    }
    if (status.getMessage().startsWith("Network closed")) {
      // Why a question: a TLS server that is spoken to in plain text closes, sometimes without the
      // alert that tells.
      return "the connection was closed; does only one side speak TLS?";
    }
    Throwable root = root(failure);
    String said = status.getMessage().isEmpty() ? "no reason given" : status.getMessage();
    if (root == failure || root.getMessage() == null) {
      return said;
    }
    // Why: "finishConnect(..) failed with error(-111): Connection refused" is Netty's; what follows
    // is the operating system's, and enough.
    String reason = root.getMessage().replaceFirst("^\\S+ failed with error\\(-?\\d+\\): ", "");
    return said.equals("io exception")
        ? reason
        : said.contains(reason) ? said : said + ": " + reason;
  }
}
