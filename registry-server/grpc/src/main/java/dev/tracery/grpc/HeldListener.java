package dev.tracery.grpc;

import io.grpc.ServerCall;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps what happens to a call until there is somebody to tell. The order is kept, and nothing is
/// told while something else is: first by the thread that opens, then by the transport's.
///
/// Messages come only to a call that has asked for some, which its handler does; so few things wait
/// here.
///
/// @param <Q> the messages' type
final class HeldListener<Q> extends ServerCall.Listener<Q> {

  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private volatile ServerCall.@Nullable Listener<Q> next;
  private boolean open;

  /// Tells `listener` of everything, from now on or what happened before.
  void open(ServerCall.Listener<Q> listener) {
    next = listener;
    while (true) {
      Runnable event;
      lock.lock();
      try {
        event = waiting.poll();
        if (event == null) {
          open = true;
          return;
        }
      } finally {
        lock.unlock();
      }
      event.run();
    }
  }

  /// Tells nobody of anything any more; who was told something is told that the call is over.
  void drop() {
    ServerCall.Listener<Q> told = next;
    lock.lock();
    try {
      next = new ServerCall.Listener<>() {};
      waiting.clear();
      open = true;
    } finally {
      lock.unlock();
    }
    if (told != null) {
      told.onCancel();
    }
  }

  @Override
  public void onMessage(Q message) {
    Q kept = isOpen() ? message : kept(message);
    tell(() -> listener().onMessage(kept));
  }

  // Why: bytes as they are on the wire are the transport's, which takes them back when this
  // returns.
  @SuppressWarnings("unchecked")
  private static <Q> Q kept(Q message) {
    if (!(message instanceof InputStream bytes)) {
      return message;
    }
    try (bytes) {
      return (Q) new ByteArrayInputStream(bytes.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onHalfClose() {
    tell(() -> listener().onHalfClose());
  }

  @Override
  public void onCancel() {
    tell(() -> listener().onCancel());
  }

  @Override
  public void onComplete() {
    tell(() -> listener().onComplete());
  }

  @Override
  public void onReady() {
    tell(() -> listener().onReady());
  }

  private boolean isOpen() {
    lock.lock();
    try {
      return open;
    } finally {
      lock.unlock();
    }
  }

  private void tell(Runnable event) {
    lock.lock();
    try {
      if (!open) {
        waiting.add(event);
        return;
      }
    } finally {
      lock.unlock();
    }
    event.run();
  }

  private ServerCall.Listener<Q> listener() {
    ServerCall.Listener<Q> listener = next;
    if (listener == null) {
      throw new IllegalStateException("told before there was somebody to tell");
    }
    return listener;
  }
}
