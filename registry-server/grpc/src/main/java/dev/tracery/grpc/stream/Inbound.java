package dev.tracery.grpc.stream;

import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The messages that a caller streams, for a handler that takes them one after the other and may
/// block between them. At most one message waits here, and gRPC reads the next one only when it has
/// been taken.
///
/// @param <Q> the messages' type
public final class Inbound<Q> implements StreamObserver<Q> {

  private final OutboundCall<?> call;
  private final @Nullable Duration stall;
  // Why volatile: written by the transport's thread, read by the handler's, the doorbell between.
  private volatile @Nullable Q waiting;
  private volatile boolean halfClosed;

  /// Made in the service method.
  ///
  /// @param stall how long a caller may send nothing; null is for ever
  public Inbound(OutboundCall<?> call, @Nullable Duration stall) {
    this.call = call;
    this.stall = stall;
    call.call().disableAutoRequest();
    call.call().request(1);
  }

  /// The next message; null after the last.
  ///
  /// @throws CallEndedException if the call has ended without the caller having closed its side: a
  ///   stream that broke off never looks complete
  public @Nullable Q next() {
    if (stall == null) {
      call.doorbell().await(this::isThere);
    } else if (!call.doorbell().await(this::isThere, stall)) {
      throw new Refusal(
              ErrorReason.STREAM_STALLED,
              "the stream brought nothing for " + stall.toSeconds() + " s and was dropped",
              List.of())
          .toException();
    }
    Q message = waiting;
    if (message != null) {
      waiting = null;
      call.call().request(1);
    }
    return message;
  }

  @Override
  public void onNext(Q message) {
    waiting = message;
    call.doorbell().ring();
  }

  @Override
  public void onCompleted() {
    halfClosed = true;
    call.doorbell().ring();
  }

  @Override
  public void onError(Throwable cause) {
    call.doorbell().end(new CallEndedException("the caller has gone"));
  }

  private boolean isThere() {
    return waiting != null || halfClosed;
  }
}
