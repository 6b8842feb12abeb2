package dev.tracery.fault;

import dev.tracery.client.ChangeWatcher;
import dev.tracery.client.TraceryException;
import dev.tracery.model.Sha256;
import dev.tracery.v1.WatchResponse;
import java.util.ArrayList;
import java.util.List;

/// Watches the log from its beginning through one server, or through any, and notes what it sees.
final class Watcher implements Runnable, AutoCloseable {

  private final int number;
  private final Client client;
  private final History history;
  private final ChangeWatcher watch;

  Watcher(int number, Client client, History history) {
    this.number = number;
    this.client = client;
    this.history = history;
    this.watch = client.registry().watch(0, _ -> {});
  }

  @Override
  public void run() {
    try {
      while (watch.hasNext()) {
        history.add(seen(number, watch.next()));
      }
    } catch (TraceryException e) {
      history.badAnswer("the watch of watcher " + number + " ended: " + e.getMessage());
    }
  }

  /// All revisions up to `last`, now.
  static List<Seen> all(Client client, long last) {
    List<Seen> all = new ArrayList<>();
    if (last == 0) {
      return all;
    }
    try (ChangeWatcher watch = client.registry().watch(0, _ -> {})) {
      while (watch.hasNext()) {
        all.add(seen(client.number(), watch.next()));
        if (all.getLast().revision() >= last) {
          return all;
        }
      }
    }
    return all;
  }

  private static Seen seen(int watcher, WatchResponse response) {
    return new Seen(watcher, response.getRevision(), Sha256.of(response.toByteArray()).toString());
  }

  @Override
  public void close() {
    watch.close();
    client.close();
  }
}
