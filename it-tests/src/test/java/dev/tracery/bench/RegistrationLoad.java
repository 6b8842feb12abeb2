package dev.tracery.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.v1.FindMissingLayoutsResponse;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Clients that register siblings, each one after the other on a connection of its own: the
/// questions what is known, and the kernel.
final class RegistrationLoad implements AutoCloseable {

  private static final MethodDescriptor<byte[], byte[]> QUESTION =
      RawBytes.method(RegistryServiceGrpc.getFindMissingLayoutsMethod().getFullMethodName());
  private static final MethodDescriptor<byte[], byte[]> REGISTRATION =
      RawBytes.method(RegistryServiceGrpc.getRegisterKernelMethod().getFullMethodName()).toBuilder()
          .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
          .build();

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Siblings siblings;

  /// @param addresses of the servers, each of which gets as many clients
  RegistrationLoad(List<String> addresses, int clientsOfEach, Siblings siblings) {
    this.siblings = siblings;
    for (int i = 0; i < clientsOfEach; i++) {
      for (String address : addresses) {
        channels.add(
            Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .directExecutor()
                .build());
      }
    }
  }

  /// What a run found.
  ///
  /// @param count registrations that were acknowledged
  /// @param rate of them in a second
  /// @param millis how long each took, from the question to the acknowledgement
  record Result(int count, double rate, Samples millis) {}

  /// How many clients there are.
  int clients() {
    return channels.size();
  }

  /// Registers for some seconds.
  ///
  /// @throws IllegalStateException if a call fails, a layout is missing or a kernel was there
  Result run(double seconds) throws InterruptedException {
    ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    List<Thread> threads = new ArrayList<>();
    for (ManagedChannel channel : channels) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (System.nanoTime() < end && failure.get() == null) {
                    Siblings.Build build = siblings.next();
                    long sent = System.nanoTime();
                    register(channel, build);
                    millis.add((System.nanoTime() - sent) / 1e6);
                  }
                } catch (Exception e) {
                  failure.set(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double took = (System.nanoTime() - begin) / 1e9;
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
    return new Result(millis.size(), millis.size() / took, new Samples(List.copyOf(millis)));
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  private static void register(ManagedChannel channel, Siblings.Build build)
      throws InterruptedException, ExecutionException, InvalidProtocolBufferException {
    boolean[] known = new boolean[build.systemCount()];
    int knownCount = 0;
    for (int place : ask(channel, build.systems()).getKnownSystemsList()) {
      known[place] = true;
      knownCount++;
    }
    if (knownCount < known.length && ask(channel, build.layouts(known)).getMissingCount() > 0) {
      throw new IllegalStateException("the registry does not know all layouts");
    }
    Answer answer = new Answer();
    StreamObserver<byte[]> requests =
        ClientCalls.asyncClientStreamingCall(
            channel.newCall(REGISTRATION, CallOptions.DEFAULT), answer);
    requests.onNext(build.header());
    requests.onNext(build.events(known));
    requests.onCompleted();
    if (!RegisterKernelResponse.parseFrom(answer.bytes.get()).getCreated()) {
      throw new IllegalStateException("the kernel was there already");
    }
  }

  private static FindMissingLayoutsResponse ask(ManagedChannel channel, byte[] question)
      throws InvalidProtocolBufferException {
    return FindMissingLayoutsResponse.parseFrom(
        ClientCalls.blockingUnaryCall(channel, QUESTION, CallOptions.DEFAULT, question));
  }

  private static final class Answer implements StreamObserver<byte[]> {
    private final CompletableFuture<byte[]> bytes = new CompletableFuture<>();

    @Override
    public void onNext(byte[] answer) {
      bytes.complete(answer);
    }

    @Override
    public void onError(Throwable problem) {
      bytes.completeExceptionally(problem);
    }

    @Override
    public void onCompleted() {
      bytes.completeExceptionally(new IllegalStateException("no answer"));
    }
  }
}
