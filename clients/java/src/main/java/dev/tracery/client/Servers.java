package dev.tracery.client;

import com.google.rpc.Code;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.Deadline;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The addresses of a registry. They are asked in turn, beginning with the one that answered last;
/// the next one only where one is unavailable or silent. Thread-safe.
final class Servers implements AutoCloseable {

  private static final int METADATA_BYTES = 1 << 20;

  // Why: a machine that is switched off does not say so, and the next address should get its turn
  // before a tool that starts loses patience.
  private static final int CONNECT_MILLIS_OF_SEVERAL = 700;

  private static final long[] PAUSES_MILLIS = {50, 100, 200};
  private static final long FIRST_LIMIT_NANOS = 1_000_000_000;

  // Why: a stream has no limit; this finds out that its server is gone for good, or stopped. A
  // server takes a ping every 10 seconds.
  private static final int PING_SECONDS = 15;
  private static final int PING_ANSWER_SECONDS = 5;

  private record Server(ServerAddress address, ManagedChannel channel) {

    /// What calls go through. They connect, even where a connection failed just now: without this
    /// they would fail like the one before for as long as gRPC backs off.
    Channel ready() {
      if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
        channel.enterIdle();
      }
      return channel;
    }

    /// Has later calls connect anew: this connection may lead nowhere any more. Calls that use it
    /// go on.
    void leave() {
      channel.enterIdle();
    }
  }

  /// What is done at one address.
  @FunctionalInterface
  interface Attempt<T extends @Nullable Object> {

    /// @param limit until when the server must have shown that it is there
    T at(Channel channel, Deadline limit) throws Silence;
  }

  /// A call that reads.
  @FunctionalInterface
  interface Question<T extends @Nullable Object> {
    T ask(Channel channel, Deadline limit) throws StatusException, InterruptedException;
  }

  /// A server that took a call and has not said anything until its limit.
  static final class Silence extends Exception {

    private static final long serialVersionUID = 1;

    private final TraceryException failure;

    Silence(TraceryException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  /// Which failures another address may do something about.
  enum Repetition {
    /// All that mean that nobody answered.
    HARMLESS,
    /// Not what was lost on the way: it may have been done.
    HARMFUL
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
              .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
              .keepAliveTimeout(PING_ANSWER_SECONDS, TimeUnit.SECONDS);
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

  /// Asks what reads: no server for long that says nothing where there are others.
  ///
  /// @throws TraceryException with what one answered; or, if none did, UNAVAILABLE or
  ///   DEADLINE_EXCEEDED
  <T extends @Nullable Object> T ask(Duration deadline, Question<T> question) {
    return attempt(
        deadline,
        Repetition.HARMLESS,
        (channel, limit) -> within(() -> question.ask(channel, limit)));
  }

  /// A call whose own deadline is the limit.
  static <T extends @Nullable Object> T within(Calls.Call<T> call) throws Silence {
    try {
      return Calls.answer(call);
    } catch (TraceryException e) {
      if (e.code() == Code.DEADLINE_EXCEEDED && e.reason().isEmpty()) {
        throw new Silence(e);
      }
      throw e;
    }
  }

  /// Tries one address after the other, and all of them some more times after pauses, until one
  /// does it: `clients/conformance/README.md`.
  ///
  /// @param deadline of the whole, for going on to another address
  /// @throws TraceryException as [#ask]
  <T extends @Nullable Object> T attempt(
      Duration deadline, Repetition repetition, Attempt<T> attempt) {
    long end = System.nanoTime() + deadline.toNanos();
    var failures = new Failures(current.get());
    for (int round = 0; ; round++) {
      int first = current.get();
      for (int turn = 0; turn < servers.size(); turn++) {
        long left = end - System.nanoTime();
        if (left <= 0 && !failures.isEmpty()) {
          throw failures.all();
        }
        int asked = (first + turn) % servers.size();
        Server server = servers.get(asked);
        try {
          T answer = attempt.at(server.ready(), limit(left, round, servers.size() - turn));
          current.set(asked);
          return answer;
        } catch (Silence e) {
          failures.add(asked, e.failure);
          if (servers.size() == 1) {
            throw failures.all();
          }
          server.leave();
        } catch (TraceryException e) {
          boolean mayGoOn = repetition == Repetition.HARMLESS || !e.isConnectionLost();
          if (e.code() != Code.UNAVAILABLE || !mayGoOn) {
            throw e;
          }
          failures.add(asked, e);
        }
      }
      if (round == PAUSES_MILLIS.length
          || end - System.nanoTime() < PAUSES_MILLIS[round] * 1_000_000) {
        throw failures.all();
      }
      pause(PAUSES_MILLIS[round], failures);
    }
  }

  private Deadline limit(long left, int round, int addressesLeft) {
    long share = left / addressesLeft;
    long limit = round == 0 && servers.size() > 1 ? Math.min(share, FIRST_LIMIT_NANOS) : share;
    return Deadline.after(Math.max(limit, 1_000_000), TimeUnit.NANOSECONDS);
  }

  private static void pause(long millis, Failures failures) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TraceryException(Code.CANCELLED, "interrupted", failures.all());
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

  /// Why each address did not do it: of several reasons the last that says more than that there was
  /// no answer in time.
  private final class Failures {

    private final int first;
    private final @Nullable TraceryException[] ofEach = new @Nullable TraceryException[size()];
    private @Nullable TraceryException last;

    Failures(int first) {
      this.first = first;
    }

    boolean isEmpty() {
      return last == null;
    }

    void add(int asked, TraceryException failure) {
      TraceryException before = ofEach[asked];
      if (before == null || rank(failure) >= rank(before)) {
        ofEach[asked] = failure;
      }
      if (last == null || rank(failure) >= rank(last)) {
        last = failure;
      }
    }

    /// What was lost on the way may have been done, which the caller must know. Silence says least.
    private static int rank(TraceryException failure) {
      return failure.isConnectionLost() ? 2 : failure.code() == Code.DEADLINE_EXCEEDED ? 0 : 1;
    }

    TraceryException all() {
      TraceryException telling = Objects.requireNonNull(last);
      if (size() == 1 || telling.isConnectionLost()) {
        return telling;
      }
      StringJoiner each = new StringJoiner("; ");
      for (int turn = 0; turn < size(); turn++) {
        int asked = (first + turn) % size();
        TraceryException failure = ofEach[asked];
        if (failure != null) {
          each.add(servers.get(asked).address() + ": " + failure.getMessage());
        }
      }
      // Why the last one's reason: there is but one place for it, and the message has all.
      return new TraceryException(
          telling.code(),
          telling.reason().orElse(""),
          each.toString(),
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          telling);
    }
  }
}
