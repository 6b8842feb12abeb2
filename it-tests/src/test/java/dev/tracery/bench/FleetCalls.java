package dev.tracery.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Sends hosts' questions: to a server that the host names first, and on UNAVAILABLE to the next. A
/// bounded number at a time.
final class FleetCalls implements AutoCloseable {

  private static final int IN_FLIGHT = 64;
  private static final MethodDescriptor<byte[], byte[]> NEGOTIATE =
      RawBytes.method(NegotiationServiceGrpc.getNegotiateMethod().getFullMethodName());

  /// What becomes of a question, told in a thread of the transport's.
  interface Listener {
    /// @return what is asked next, instead of it; null for nothing
    byte @Nullable [] answered(NegotiateResponse answer) throws InvalidProtocolBufferException;

    /// No server could be reached.
    void unreachable();
  }

  private final List<ManagedChannel> channels;
  private final Semaphore free = new Semaphore(IN_FLIGHT);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  final LongAdder sent = new LongAdder();
  final LongAdder bytesSent = new LongAdder();
  final LongAdder bytesReceived = new LongAdder();
  final LongAdder passedOn = new LongAdder();

  FleetCalls(List<String> addresses) {
    channels =
        addresses.stream()
            .map(address ->
                Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                    .directExecutor()
                    .build())
            .toList();
  }

  /// Sends a question and returns when there is room for the next.
  void ask(byte[] request, int firstServer, Listener listener) throws InterruptedException {
    check();
    free.acquire();
    send(request, firstServer, 0, listener);
  }

  /// Waits for all answers.
  void finish() throws InterruptedException {
    free.acquire(IN_FLIGHT);
    free.release(IN_FLIGHT);
    check();
  }

  /// Forgets that servers could not be reached, as a tool does that starts.
  void retryConnections() {
    channels.forEach(ManagedChannel::resetConnectBackoff);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  private void check() {
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
  }

  private void send(byte[] request, int firstServer, int tried, Listener listener) {
    ManagedChannel channel = channels.get((firstServer + tried) % channels.size());
    ClientCalls.asyncUnaryCall(
        channel.newCall(NEGOTIATE, CallOptions.DEFAULT),
        request,
        new StreamObserver<>() {
          private byte @Nullable [] next;

          @Override
          public void onNext(byte[] answer) {
            sent.increment();
            bytesSent.add(request.length);
            bytesReceived.add(answer.length);
            try {
              next = listener.answered(NegotiateResponse.parseFrom(answer));
            } catch (InvalidProtocolBufferException | RuntimeException e) {
              failure.set(e);
            }
          }

          @Override
          public void onError(Throwable problem) {
            if (Status.fromThrowable(problem).getCode() != Status.Code.UNAVAILABLE) {
              failure.set(problem);
              free.release();
            } else if (tried + 1 < channels.size()) {
              passedOn.increment();
              send(request, firstServer, tried + 1, listener);
            } else {
              listener.unreachable();
              free.release();
            }
          }

          @Override
          public void onCompleted() {
            byte[] again = next;
            if (again == null) {
              free.release();
            } else {
              send(again, firstServer + tried, 0, listener);
            }
          }
        });
  }
}
