package dev.tracery.grpc.stream;

import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.status.RefusalReader;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/// The answering side of a call that one thread of its own handles. Made in the service method,
/// before that returns, as gRPC demands; then used by the handler's thread alone.
///
/// @param <R> the answers' type
public final class OutboundCall<R> {

  private final ServerCallStreamObserver<R> call;
  private final Doorbell doorbell = new Doorbell();

  public OutboundCall(StreamObserver<R> observer) {
    this.call = (ServerCallStreamObserver<R>) observer;
    call.setOnReadyHandler(doorbell::ring);
    call.setOnCancelHandler(() -> doorbell.end(new CallEndedException("the caller has gone")));
  }

  /// Runs `handler` on `threads`, in the call's context, and closes the call as it ends: with what
  /// it throws, or well.
  public void handle(Executor threads, Runnable handler) {
    threads.execute(
        Context.current()
            .wrap(() -> {
              try {
                handler.run();
                doorbell.check();
              } catch (CallEndedException e) {
                return;
              } catch (Throwable thrown) {
                call.onError(RefusalReader.read(thrown));
                return;
              }
              call.onCompleted();
            }));
  }

  /// Sends one answer, as soon as the caller has room for it.
  ///
  /// @throws CallEndedException if the call has ended
  public void send(R answer) {
    doorbell.await(call::isReady);
    call.onNext(answer);
  }

  /// The same, but does not wait longer than `patience` for room.
  ///
  /// @throws CallEndedException if the call has ended
  public void send(R answer, Duration patience) {
    if (!doorbell.await(call::isReady, patience)) {
      throw new Refusal(
              ErrorReason.STREAM_STALLED,
              "the answers were not taken for " + patience.toSeconds() + " s; the call was ended",
              List.of())
          .toException();
    }
    call.onNext(answer);
  }

  /// What wakes the handler: readiness, the call's end, and whatever else the handler waits for.
  public Doorbell doorbell() {
    return doorbell;
  }

  ServerCallStreamObserver<R> call() {
    return call;
  }
}
