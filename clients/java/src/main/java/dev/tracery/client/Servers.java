package dev.tracery.client;

import com.google.rpc.Code;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The addresses of a registry. They are asked in turn, beginning with the one that answered last;
/// the next one only on UNAVAILABLE. Thread-safe.
final class Servers implements AutoCloseable {

  private static final int METADATA_BYTES = 1 << 20;

  // Why: a machine that is switched off does not say so, and the next address should get its turn
  // before a tool that starts loses patience.
  private static final int CONNECT_MILLIS_OF_SEVERAL = 700;

  private record Server(ServerAddress address, ManagedChannel channel) {

    /// What calls go through. They connect, even where a connection failed just now: without this
    /// they would fail like the one before for as long as gRPC backs off.
    Channel ready() {
      if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
        channel.enterIdle();
      }
      return channel;
    }
  }

  /// Something that asks one server.
  @FunctionalInterface
  interface Question<T extends @Nullable Object> {
    T ask(Channel channel) throws StatusException, InterruptedException;
  }

  private final List<Server> servers;
  private final RevisionHeaders revisions;
  private final AtomicInteger current = new AtomicInteger();

  private Servers(List<Server> servers, RevisionHeaders revisions) {
    this.servers = servers;
    this.revisions = revisions;
  }

  /// Does not wait for any of them.
  ///
  /// @throws IllegalArgumentException if there is no address, a file of the options cannot be used,
  ///   or the token would cross a network in plain text
  static Servers connect(List<ServerAddress> addresses, ClientOptions options) {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("expected an address, HOST:PORT, but found none");
    }
    ChannelCredentials credentials =
        options.tls().isPresent()
            ? options.tls().get().credentials()
            : InsecureChannelCredentials.create();
    RevisionHeaders revisions = new RevisionHeaders(options.atLeastRevision());
    List<ClientInterceptor> interceptors = new ArrayList<>(List.of(revisions));
    if (options.token().isPresent()) {
      options.token().get().check();
      interceptors.add(new TokenHeader(options.token().get()));
      if (options.tls().isEmpty()) {
        addresses.forEach(Servers::checkLoopback);
      }
    }
    List<Server> servers = new ArrayList<>();
    for (ServerAddress address : addresses) {
      NettyChannelBuilder builder =
          NettyChannelBuilder.forAddress(address.host(), address.port(), credentials)
              .userAgent(options.userAgent())
              .intercept(interceptors)
              .maxInboundMessageSize(options.maxAnswerBytes())
              // Why: the diagnostics of a refused registration come as trailers.
              .maxInboundMetadataSize(METADATA_BYTES)
              // Why: a watch has no deadline; this finds out that its server is gone for good.
              // Servers by default take pings more frequent than every 5 minutes for an attack.
              .keepAliveTime(6, TimeUnit.MINUTES);
      if (addresses.size() > 1) {
        builder.withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_OF_SEVERAL);
      }
      servers.add(new Server(address, builder.build()));
    }
    return new Servers(List.copyOf(servers), revisions);
  }

  private static void checkLoopback(ServerAddress address) {
    if (!address.isLoopback()) {
      throw new IllegalArgumentException(
          "the token would be sent to " + address + " in plain text: use TLS");
    }
  }

  RevisionHeaders revisions() {
    return revisions;
  }

  int size() {
    return servers.size();
  }

  /// Asks one after the other until one answers, each once.
  ///
  /// @throws TraceryException with what one answered; or, if none could be reached, UNAVAILABLE
  <T extends @Nullable Object> T ask(Question<T> question) {
    int first = current.get();
    List<TraceryException> failures = new ArrayList<>();
    while (true) {
      int asked = (first + failures.size()) % servers.size();
      Server server = servers.get(asked);
      try {
        T answer = Calls.answer(() -> question.ask(server.ready()));
        current.set(asked);
        return answer;
      } catch (TraceryException e) {
        if (!e.mayAskAnother()) {
          throw e;
        }
        failures.add(e);
        if (failures.size() == servers.size()) {
          throw none(first, failures);
        }
      }
    }
  }

  /// The server that answered last, or the first.
  Channel channel() {
    return servers.get(current.get()).ready();
  }

  /// Turns to the next server, because the one that was asked has gone away.
  void passOver() {
    current.updateAndGet(i -> (i + 1) % servers.size());
  }

  @Override
  public void close() {
    servers.forEach(server -> server.channel().shutdownNow());
  }

  private TraceryException none(int first, List<TraceryException> failures) {
    if (failures.size() == 1) {
      return failures.getFirst();
    }
    String each =
        IntStream.range(0, failures.size())
            .mapToObj(i ->
                servers.get((first + i) % servers.size()).address()
                    + ": "
                    + failures.get(i).getMessage())
            .collect(Collectors.joining("; "));
    // Why the last one's reason: there is but one place for it, and the message has all.
    TraceryException last = failures.getLast();
    return new TraceryException(
        Code.UNAVAILABLE,
        last.reason().orElse(""),
        each,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        last);
  }
}
