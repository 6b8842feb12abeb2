package dev.tracery.store;

import dev.tracery.store.Store.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/// Who wants to hear of a new head: what implementations of [Store#onHeadMoved] need. Thread-safe.
public final class HeadListeners {

  private static final System.Logger LOG = System.getLogger(HeadListeners.class.getName());

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /// Adds one, until the subscription is closed.
  public Subscription add(LongConsumer consumer) {
    Listener listener = new Listener(consumer);
    listeners.add(listener);
    return () -> {
      listeners.remove(listener);
      listener.end();
    };
  }

  /// Tells everybody, in this thread. Who has heard of a greater head hears nothing.
  public void headMoved(long head) {
    listeners.forEach(listener -> listener.tell(head));
  }

  /// Hears heads in rising order though two threads may tell them in another.
  private static final class Listener {
    private final LongConsumer consumer;
    private long told;

    Listener(LongConsumer consumer) {
      this.consumer = consumer;
    }

    synchronized void tell(long head) {
      if (head <= told) {
        return;
      }
      told = head;
      try {
        consumer.accept(head);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "a listener to the store's head failed: " + e, e);
      }
    }

    synchronized void end() {
      told = Long.MAX_VALUE;
    }
  }
}
