package dev.tracery.grpc;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A client that keeps what it is sent, and asks for more only when told, if it is a slow one.
final class Recorder<Q, R> implements ClientResponseObserver<Q, R> {

  private final boolean slow;
  private final List<R> received = new ArrayList<>();
  private final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();
  private @Nullable ClientCallStreamObserver<Q> call;

  private Recorder(boolean slow) {
    this.slow = slow;
  }

  static <Q, R> Recorder<Q, R> eager() {
    return new Recorder<>(false);
  }

  static <Q, R> Recorder<Q, R> slow() {
    return new Recorder<>(true);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> stream) {
    call = stream;
    if (slow) {
      stream.disableAutoRequestWithInitial(0);
    }
  }

  void request(int count) {
    stream().request(count);
  }

  void cancel() {
    stream().cancel("enough", null);
  }

  synchronized List<R> received() {
    return List.copyOf(received);
  }

  /// How the call ended: with this, or null if well.
  @Nullable Throwable end() {
    try {
      return end.get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the call did not end", e);
    }
  }

  /// How the call failed, in a form that reads well.
  String refusal() {
    Throwable thrown = end();
    return thrown == null ? "OK" : TestServer.describe(thrown);
  }

  @Override
  public synchronized void onNext(R message) {
    received.add(message);
  }

  @Override
  public void onError(Throwable thrown) {
    end.complete(thrown);
  }

  @Override
  public void onCompleted() {
    end.complete(null);
  }

  private ClientCallStreamObserver<Q> stream() {
    if (call == null) {
      throw new AssertionError("not started");
    }
    return call;
  }
}
