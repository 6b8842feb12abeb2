package dev.tracery.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.status.RefusalReader;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Around every call: whatever goes wrong in it ends in a canonical status with details, answers
/// name the server's version and carry [CallMarks], calls are counted, and the log has a line for
/// each at the level DEBUG.
///
/// Stands outside of the unmarshalling of requests, so that bytes which are no message are the
/// caller's fault and not, as in bare gRPC, the server's.
final class CallGuard implements ServerInterceptor {

  /// The header that names the server's version.
  static final Metadata.Key<String> VERSION =
      Metadata.Key.of("tracery-version", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private static final Logger LOG = System.getLogger(CallGuard.class.getName());

  private final String version;
  private final @Nullable CallMarks marks;
  private final CallCounts counts;

  /// @param marks put on every answer; null for services that say nothing of the registry
  CallGuard(String version, @Nullable CallMarks marks, CallCounts counts) {
    this.version = version;
    this.marks = marks;
    this.counts = counts;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    GuardedCall<Q, R> guarded = new GuardedCall<>(call);
    try {
      return new GuardedListener<>(guarded, next.startCall(guarded, headers));
    } catch (Throwable thrown) {
      guarded.refuse(thrown);
      return new ServerCall.Listener<>() {};
    }
  }

  final class GuardedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {

    private final long began = System.nanoTime();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean headersSent;
    // What the handler has to read from; the head may move while it reads.
    private volatile long revision = marks == null ? 0 : marks.head();

    GuardedCall(ServerCall<Q, R> call) {
      super(call);
    }

    /// Notes that the handler begins to read when `reached` is in memory.
    void read(long reached) {
      revision = reached;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      headersSent = true;
      headers.put(VERSION, version);
      if (marks != null) {
        // Why: what a write answers is in memory since the handler began.
        marks.put(headers, Writes.isWrite(getMethodDescriptor()) ? marks.head() : revision);
      }
      super.sendHeaders(headers);
    }

    @Override
    public void sendMessage(R message) {
      if (!closed.get()) {
        super.sendMessage(message);
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!closed.compareAndSet(false, true)) {
        return;
      }
      if (!headersSent) {
        trailers.put(VERSION, version);
        if (marks != null) {
          marks.put(trailers, revision);
        }
      }
      // Why: our own INTERNAL has details. One without comes from gRPC's stubs, which use it for a
      // caller that sends no request, or two, where one is due.
      if (status.getCode() == Status.Code.INTERNAL && !trailers.containsKey(DETAILS)) {
        StatusRuntimeException refused = malformed(String.valueOf(status.getDescription()));
        Metadata details = Status.trailersFromThrowable(refused);
        if (details != null) {
          trailers.merge(details);
        }
        finish(refused.getStatus(), trailers);
      } else {
        finish(status, trailers);
      }
    }

    void refuse(Throwable thrown) {
      StatusRuntimeException refused =
          thrown.getCause() instanceof InvalidProtocolBufferException problem
              ? malformed(String.valueOf(problem.getMessage()))
              : RefusalReader.read(thrown);
      Metadata trailers = refused.getTrailers();
      close(refused.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private void finish(Status status, Metadata trailers) {
      counts.count(getMethodDescriptor(), status.getCode());
      if (LOG.isLoggable(Level.DEBUG)) {
        LOG.log(
            Level.DEBUG,
            "{0} {1} {2} us",
            getMethodDescriptor().getFullMethodName(),
            status.getCode(),
            TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
      }
      super.close(status, trailers);
    }

    private StatusRuntimeException malformed(String problem) {
      return new Refusal(
              ErrorReason.REQUEST_MALFORMED,
              "the request of "
                  + getMethodDescriptor().getFullMethodName()
                  + " is not well-formed: "
                  + problem,
              List.of())
          .toException();
    }
  }

  private static final class GuardedListener<Q> extends SimpleForwardingServerCallListener<Q> {

    private final GuardedCall<Q, ?> call;

    GuardedListener(GuardedCall<Q, ?> call, ServerCall.Listener<Q> next) {
      super(next);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      guard(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      guard(super::onHalfClose);
    }

    @Override
    public void onReady() {
      guard(super::onReady);
    }

    private void guard(Runnable callback) {
      if (call.closed.get()) {
        return;
      }
      try {
        callback.run();
      } catch (Throwable thrown) {
        call.refuse(thrown);
        // Why: the handler may be waiting for more, and for it the call is over as if cancelled.
        super.onCancel();
      }
    }
  }
}
