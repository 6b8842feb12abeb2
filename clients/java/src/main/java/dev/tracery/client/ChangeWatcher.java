package dev.tracery.client;

import com.google.rpc.Code;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.WatchRequest;
import dev.tracery.v1.WatchResponse;
import io.grpc.Channel;
import io.grpc.stub.BlockingClientCall;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The changes of a registry, whole revision by whole revision, without gaps and without repeats.
/// [#hasNext] blocks until there is a change. When the server goes away, the next address is asked
/// for what follows the last revision that came whole, and after all of them, with growing pauses,
/// they are asked again. One thread iterates; [#close] may be called from any other and ends the
/// iteration.
public final class ChangeWatcher implements Iterator<WatchResponse>, AutoCloseable {

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  private final Servers servers;
  private final Supplier<Channel> answering;
  private final Consumer<TraceryException> onLost;
  private final Object lock = new Object();
  private long lastWhole;
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private int passedOver;
  private boolean closed;
  private @Nullable BlockingClientCall<?, WatchResponse> call;
  private @Nullable WatchResponse next;

  /// @param answering finds a server that answers
  ChangeWatcher(
      Servers servers,
      Supplier<Channel> answering,
      long afterRevision,
      Consumer<TraceryException> onLost) {
    this.servers = servers;
    this.answering = answering;
    this.lastWhole = afterRevision;
    this.onLost = onLost;
  }

  /// Waits for the next revision.
  ///
  /// @return false after [#close]
  /// @throws TraceryException if the server refuses to go on
  @Override
  public boolean hasNext() {
    while (next == null && !isClosed()) {
      try {
        next = Calls.answer(this::readRevision);
      } catch (TraceryException e) {
        if (isClosed()) {
          return false;
        }
        if (!e.isLost()) {
          close();
          throw e;
        }
        onLost.accept(e);
        tryAnother();
      }
    }
    return next != null && !isClosed();
  }

  /// The next revision that has changes, all of them.
  @Override
  public WatchResponse next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    WatchResponse revision = next;
    next = null;
    lastWhole = revision.getRevision();
    return revision;
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (call != null) {
        call.cancel("closed", null);
      }
      lock.notifyAll();
    }
  }

  private @Nullable WatchResponse readRevision()
      throws io.grpc.StatusException, InterruptedException {
    BlockingClientCall<?, WatchResponse> open = open();
    WatchResponse.@Nullable Builder revision = null;
    while (true) {
      WatchResponse part = open.read();
      if (part == null) {
        throw io.grpc.Status.UNAVAILABLE
            .withDescription("the server ended the watch")
            .asException();
      }
      pauseMillis = FIRST_PAUSE_MILLIS;
      passedOver = 0;
      if (revision == null) {
        revision = part.toBuilder();
      } else {
        revision.addAllChanges(part.getChangesList());
      }
      if (!part.getMore()) {
        return revision.setMore(false).build();
      }
    }
  }

  private BlockingClientCall<?, WatchResponse> open() throws io.grpc.StatusException {
    synchronized (lock) {
      if (closed) {
        throw io.grpc.Status.CANCELLED.asException();
      }
      if (call != null) {
        return call;
      }
    }
    // Why only of several: one that is silent may be waited for. Why not in the lock: it takes
    // time.
    Channel channel = servers.size() > 1 ? answering.get() : servers.channel();
    synchronized (lock) {
      if (closed) {
        throw io.grpc.Status.CANCELLED.asException();
      }
      if (call == null) {
        call =
            RegistryServiceGrpc.newBlockingV2Stub(channel)
                .watch(WatchRequest.newBuilder().setAfterRevision(lastWhole).build());
      }
      return call;
    }
  }

  /// Turns to the next address; after the last, pauses.
  private void tryAnother() {
    servers.passOver();
    passedOver++;
    if (passedOver % servers.size() == 0) {
      pause();
    } else {
      synchronized (lock) {
        call = null;
      }
    }
  }

  private void pause() {
    synchronized (lock) {
      call = null;
      long until = System.nanoTime() + pauseMillis * 1_000_000;
      pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
      try {
        for (long left = until - System.nanoTime();
            left > 0 && !closed;
            left = until - System.nanoTime()) {
          lock.wait(left / 1_000_000 + 1);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        closed = true;
        throw new TraceryException(Code.CANCELLED, "interrupted", e);
      }
    }
  }

  private boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }
}
