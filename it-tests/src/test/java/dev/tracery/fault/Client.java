package dev.tracery.fault;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import java.time.Duration;

/// A client of one worker, and the revision that it may expect answers to have.
final class Client implements AutoCloseable {

  private static final ClientOptions OPTIONS =
      ClientOptions.defaults()
          .withDeadline(Duration.ofSeconds(8))
          .withTransferDeadline(Duration.ofSeconds(12));

  private final int number;
  private final TraceryClient client;
  private long floor;

  /// @param number the server's, from 1; 0 for a client that knows all
  Client(int number, String addresses) {
    this.number = number;
    this.client = TraceryClient.connect(addresses, OPTIONS);
  }

  int number() {
    return number;
  }

  TraceryClient registry() {
    return client;
  }

  /// Whether it asks but one server, so that a refusal is the whole story.
  boolean isOfOneServer() {
    return number > 0;
  }

  /// The revision that every answer from now on must have.
  long floor() {
    return floor;
  }

  /// A write of this client was answered with this revision: the library itself asks for it from
  /// now on.
  void wrote(long revision) {
    floor = Math.max(floor, revision);
  }

  /// Asks for this revision, which another client's write was answered with.
  void atLeast(long revision) {
    client.atLeast(revision);
    floor = Math.max(floor, revision);
  }

  @Override
  public void close() {
    client.close();
  }
}
