package dev.tracery.grpc;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The server's limits.
///
/// @param maxMessageBytes the largest request message, after decompression
/// @param maxConcurrentCalls calls at a time on one connection
/// @param maxWriters registrations and imports at a time, each of which holds memory
/// @param maxConnectionAge after which a connection is asked to reconnect; zero is never
/// @param stall how long a registration or import may wait for its next message
/// @param revisionWait how long a call may wait for the revision that it wants at least
/// @param grace how long calls in flight may go on when the server stops
record ServerOptions(
    int maxMessageBytes,
    int maxConcurrentCalls,
    int maxWriters,
    Duration maxConnectionAge,
    Duration stall,
    Duration revisionWait,
    Duration grace) {

  static final ServerOptions DEFAULTS =
      new ServerOptions(
          16 << 20,
          256,
          4,
          Duration.ZERO,
          Duration.ofSeconds(60),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5));

  /// Reads the framework's properties; what is not set is as in [#DEFAULTS].
  ///
  /// @throws IllegalArgumentException naming a property that is no number in its range
  static ServerOptions read(Function<String, @Nullable String> properties) {
    return new ServerOptions(
        number(properties, "tracery.grpc.max-message-bytes", 1024, DEFAULTS.maxMessageBytes),
        number(properties, "tracery.grpc.max-concurrent-calls", 1, DEFAULTS.maxConcurrentCalls),
        number(properties, "tracery.grpc.max-registrations", 1, DEFAULTS.maxWriters),
        Duration.ofSeconds(number(properties, "tracery.grpc.max-connection-age-seconds", 0, 0)),
        Duration.ofSeconds(number(properties, "tracery.grpc.stall-seconds", 1, 60)),
        Duration.ofMillis(number(properties, "tracery.grpc.revision-wait-millis", 0, 2000)),
        DEFAULTS.grace);
  }

  static int number(
      Function<String, @Nullable String> properties, String name, int least, int byDefault) {
    String text = properties.apply(name);
    if (text == null || text.isBlank()) {
      return byDefault;
    }
    try {
      int value = Integer.parseInt(text.strip());
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Falls through to the one message for both.
    }
    throw new IllegalArgumentException(
        name + ": expected a whole number from " + least + " up but found \"" + text + "\"");
  }
}
