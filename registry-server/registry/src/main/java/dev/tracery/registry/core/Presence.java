package dev.tracery.registry.core;

import dev.tracery.store.Store;
import dev.tracery.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells the other servers over a log of this one, and how far it has come: when that has changed,
/// and regularly. The same thread sees to it that the log is followed.
final class Presence implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(Presence.class.getName());
  private static final Duration TICK = Duration.ofSeconds(1);

  // Why: a server that was not heard of for a minute is thought to be gone.
  private static final Duration AT_LEAST_EVERY = Duration.ofSeconds(10);

  private final Store store;
  private final Log log;
  private final String version;
  private final Instant started;
  private final InstantSource clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable String address;
  private long toldRevision = -1;
  private long toldNanos;

  Presence(Store store, Log log, String version, InstantSource clock) {
    this.store = store;
    this.log = log;
    this.version = version;
    this.clock = clock;
    this.started = clock.instant();
    Thread.ofPlatform().daemon().name("tracery-presence").start(this::run);
  }

  /// A name for a server that no other has.
  static String newId() {
    return UUID.randomUUID().toString();
  }

  /// Lets others know of this server from now on.
  void announce(String at) {
    address = at;
    tell(at);
  }

  @Override
  public void close() {
    closing.countDown();
  }

  private void run() {
    try {
      while (!closing.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
        log.tick();
        String at = address;
        if (at != null && isDue()) {
          tell(at);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isDue() {
    return log.index().head().revision() != toldRevision
        || System.nanoTime() - toldNanos > AT_LEAST_EVERY.toNanos();
  }

  private synchronized void tell(String at) {
    long revision = log.index().head().revision();
    try {
      store.announce(new Store.Server(log.id(), at, version, revision, started, clock.instant()));
      toldRevision = revision;
      toldNanos = System.nanoTime();
    } catch (StoreException e) {
      // Why no more noise: it is tried again in a second, and whoever asks is told what is wrong.
      LOGGER.log(System.Logger.Level.DEBUG, "this server could not be announced", e);
    }
  }
}
