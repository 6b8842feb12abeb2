package dev.tracery.bench;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Keeps a number of calls in flight on one connection: each answer sends the next request, from
/// the connection's event loop. Requests and answers are bytes, so that a call costs the client the
/// same whatever the server does.
final class Load implements AutoCloseable {

  private static final int MOST_CALLS = 1 << 22;

  private final ProcessHandle server;
  private final ManagedChannel channel;
  private final MethodDescriptor<byte[], byte[]> method;
  private final List<byte[]> requests;
  private final long[] nanos = new long[MOST_CALLS];

  /// @param server the process that answers
  /// @param requests sent in turn
  Load(
      ProcessHandle server,
      String address,
      MethodDescriptor<byte[], byte[]> method,
      List<byte[]> requests) {
    this.server = server;
    this.channel =
        Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
            .directExecutor()
            .build();
    this.method = method;
    this.requests = List.copyOf(requests);
  }

  /// What a run found.
  ///
  /// @param calls how many were answered
  /// @param rate calls answered in a second
  /// @param p50 the median latency in microseconds
  /// @param p99 the latency that 99 of 100 calls do not exceed, in microseconds
  /// @param cpu processor time of the whole server for each call, in microseconds: what is left to
  ///   compare when the machine is busy with other things
  record Result(int calls, double rate, double p50, double p99, double cpu) {}

  /// The answer to one request.
  byte[] call(byte[] request) {
    return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
  }

  /// Runs for some seconds.
  ///
  /// @throws IllegalStateException if a call fails
  Result run(int inFlight, double seconds) throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    CountDownLatch ended = new CountDownLatch(inFlight);
    double cpu = cpuMicros();
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    for (int i = 0; i < inFlight; i++) {
      new Flight(calls, failure, ended, end).send();
    }
    ended.await();
    double took = (System.nanoTime() - begin) / 1e9;
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
    cpu = (cpuMicros() - cpu) / calls.get();
    int count = Math.min(calls.get(), MOST_CALLS);
    Arrays.sort(nanos, 0, count);
    return new Result(
        calls.get(),
        calls.get() / took,
        nanos[count / 2] / 1e3,
        nanos[(int) (count * 0.99)] / 1e3,
        cpu);
  }

  private double cpuMicros() {
    return server.info().totalCpuDuration().orElseThrow().toNanos() / 1e3;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /// One of the calls in flight, again and again.
  private final class Flight implements StreamObserver<byte[]> {
    private final AtomicInteger calls;
    private final AtomicReference<@Nullable Throwable> failure;
    private final CountDownLatch ended;
    private final long end;
    private long sent;

    Flight(
        AtomicInteger calls,
        AtomicReference<@Nullable Throwable> failure,
        CountDownLatch ended,
        long end) {
      this.calls = calls;
      this.failure = failure;
      this.ended = ended;
      this.end = end;
    }

    void send() {
      sent = System.nanoTime();
      byte[] request = requests.get(Math.floorMod(calls.get(), requests.size()));
      ClientCalls.asyncUnaryCall(channel.newCall(method, CallOptions.DEFAULT), request, this);
    }

    @Override
    public void onNext(byte[] answer) {}

    @Override
    public void onError(Throwable problem) {
      failure.set(problem);
      ended.countDown();
    }

    @Override
    public void onCompleted() {
      long now = System.nanoTime();
      int call = calls.getAndIncrement();
      if (call < MOST_CALLS) {
        nanos[call] = now - sent;
      }
      if (now < end) {
        send();
      } else {
        ended.countDown();
      }
    }
  }
}
