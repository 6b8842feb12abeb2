package dev.tracery.grpc;

import dev.tracery.grpc.status.RefusalReader;
import dev.tracery.grpc.stream.OutboundCall;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// Answers calls with one answer.
final class UnaryCall {

  private UnaryCall() {}

  /// Answers on the transport's thread; for handlers that only read memory.
  static <R> void answer(StreamObserver<R> observer, Supplier<R> handler) {
    R answer;
    try {
      answer = handler.get();
    } catch (Throwable thrown) {
      observer.onError(RefusalReader.read(thrown));
      return;
    }
    observer.onNext(answer);
    observer.onCompleted();
  }

  /// Answers on a thread of the call's own; for handlers that block or take long. A call that has
  /// ended by the time that its thread begins is not handled.
  static <R> void answerOn(Executor threads, StreamObserver<R> observer, Supplier<R> handler) {
    OutboundCall<R> call = new OutboundCall<>(observer);
    call.handle(
        threads,
        () -> {
          call.doorbell().check();
          call.send(handler.get());
        });
  }

  /// As [#answerOn], but a handler that runs when the call ends is interrupted; for handlers that
  /// only read.
  static <R> void answerUnlessEnded(
      Executor threads, StreamObserver<R> observer, Supplier<R> handler) {
    OutboundCall<R> call = new OutboundCall<>(observer);
    call.handle(
        threads,
        () -> {
          call.doorbell().check();
          Thread thread = Thread.currentThread();
          Context.CancellationListener interrupter = _ -> thread.interrupt();
          Context.current().addListener(interrupter, Runnable::run);
          R answer;
          try {
            answer = handler.get();
          } catch (CancellationException e) {
            call.doorbell().check();
            throw e;
          } finally {
            Context.current().removeListener(interrupter);
          }
          call.send(answer);
        });
  }
}
