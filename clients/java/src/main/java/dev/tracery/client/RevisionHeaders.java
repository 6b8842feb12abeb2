package dev.tracery.client;

import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.ConsumerServiceGrpc;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.TranslatorServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Says with every call which revision the client wants at least, and reads how fresh each answer
/// is: `clients/conformance/README.md`. Thread-safe.
final class RevisionHeaders implements ClientInterceptor {

  private static final Metadata.Key<String> AT_LEAST = key("tracery-at-least-revision");
  private static final Metadata.Key<String> REVISION = key("tracery-revision");
  private static final Metadata.Key<String> AGE = key("tracery-age-ms");
  private static final Metadata.Key<String> STORE = key("tracery-store");

  private static final Set<MethodDescriptor<?, ?>> WRITES =
      Set.of(
          RegistryServiceGrpc.getRegisterKernelMethod(),
          ConsumerServiceGrpc.getDeclareConsumerMethod(),
          ConsumerServiceGrpc.getWithdrawConsumerMethod(),
          CompatibilityServiceGrpc.getGiveWaiverMethod(),
          CompatibilityServiceGrpc.getUpdatePolicyMethod(),
          AdminServiceGrpc.getImportMethod(),
          TranslatorServiceGrpc.getInstallTranslatorMethod(),
          TranslatorServiceGrpc.getRemoveTranslatorMethod());

  private final AtomicLong atLeast;
  private volatile @Nullable Freshness last;

  RevisionHeaders(long atLeast) {
    this.atLeast = new AtomicLong(atLeast);
  }

  /// Raises what is wanted at least.
  void raise(long revision) {
    atLeast.accumulateAndGet(revision, Math::max);
  }

  /// Of the answer that came last.
  Optional<Freshness> freshness() {
    return Optional.ofNullable(last);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        long wanted = atLeast.get();
        if (wanted > 0) {
          headers.put(AT_LEAST, Long.toString(wanted));
        }
        super.start(new Reader<>(listener, WRITES.contains(method)), headers);
      }
    };
  }

  /// Reads what one answer says.
  private final class Reader<A> extends SimpleForwardingClientCallListener<A> {

    private final boolean isWrite;
    private boolean hasHeaders;
    private long revision;

    Reader(ClientCall.Listener<A> listener, boolean isWrite) {
      super(listener);
      this.isWrite = isWrite;
    }

    @Override
    public void onHeaders(Metadata headers) {
      hasHeaders = true;
      read(headers);
      super.onHeaders(headers);
    }

    @Override
    public void onMessage(A message) {
      // Why not when the call closes: who waits for the message of a stream goes on before that.
      if (isWrite) {
        raise(revision);
      }
      super.onMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!hasHeaders) {
        read(trailers);
      }
      super.onClose(status, trailers);
    }

    private void read(Metadata metadata) {
      long read = number(metadata.get(REVISION));
      if (read >= 0) {
        revision = read;
        last =
            new Freshness(
                read,
                Duration.ofMillis(Math.max(0, number(metadata.get(AGE)))),
                !"unreachable".equals(metadata.get(STORE)));
      }
    }
  }

  /// -1 for what is not there, or no number.
  private static long number(@Nullable String text) {
    if (text == null || !text.matches("[0-9]{1,18}")) {
      return -1;
    }
    return Long.parseLong(text);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
