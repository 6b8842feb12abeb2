package dev.tracery.client;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// A server on a loopback port whose methods are lambdas. What it has no lambda for is
/// UNIMPLEMENTED. A lambda that throws a `StatusRuntimeException` answers that status.
public final class FakeServer implements AutoCloseable {

  private final Server server;

  private FakeServer(Server server) {
    this.server = server;
  }

  public static Builder builder() {
    return new Builder();
  }

  public int port() {
    return server.getPort();
  }

  public String address() {
    return "localhost:" + port();
  }

  /// Ends every call and stops listening.
  @Override
  public void close() {
    try {
      server.shutdownNow().awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes the lambdas.
  public static final class Builder {

    private final Map<String, ServerServiceDefinition.Builder> services = new LinkedHashMap<>();
    private final List<ServerInterceptor> interceptors = new ArrayList<>();
    private ServerCredentials credentials = InsecureServerCredentials.create();

    /// Speaks TLS.
    public Builder secured(ServerCredentials tls) {
      credentials = tls;
      return this;
    }

    /// Shows every call to this first.
    public Builder intercepted(ServerInterceptor interceptor) {
      interceptors.add(interceptor);
      return this;
    }

    public <Q, A> Builder unary(MethodDescriptor<Q, A> method, Function<Q, A> answer) {
      service(method)
          .addMethod(
              method,
              ServerCalls.asyncUnaryCall((question, observer) -> {
                try {
                  observer.onNext(answer.apply(question));
                  observer.onCompleted();
                } catch (RuntimeException e) {
                  observer.onError(e);
                }
              }));
      return this;
    }

    public <Q, A> Builder streaming(
        MethodDescriptor<Q, A> method, BiConsumer<Q, StreamObserver<A>> answers) {
      service(method).addMethod(method, ServerCalls.asyncServerStreamingCall(answers::accept));
      return this;
    }

    /// Answers when the client has sent all.
    public <Q, A> Builder collecting(MethodDescriptor<Q, A> method, Function<List<Q>, A> answer) {
      service(method)
          .addMethod(
              method,
              ServerCalls.asyncClientStreamingCall(observer ->
                  new StreamObserver<Q>() {
                    private final List<Q> questions = new ArrayList<>();

                    @Override
                    public void onNext(Q question) {
                      questions.add(question);
                    }

                    @Override
                    public void onError(Throwable gone) {}

                    @Override
                    public void onCompleted() {
                      try {
                        observer.onNext(answer.apply(questions));
                        observer.onCompleted();
                      } catch (RuntimeException e) {
                        observer.onError(e);
                      }
                    }
                  }));
      return this;
    }

    /// Answers every first message with this error.
    public <Q, A> Builder refusing(MethodDescriptor<Q, A> method, RuntimeException refusal) {
      service(method)
          .addMethod(
              method,
              ServerCalls.asyncClientStreamingCall(observer ->
                  new StreamObserver<Q>() {
                    private boolean refused;

                    @Override
                    public void onNext(Q question) {
                      if (!refused) {
                        refused = true;
                        observer.onError(refusal);
                      }
                    }

                    @Override
                    public void onError(Throwable gone) {}

                    @Override
                    public void onCompleted() {}
                  }));
      return this;
    }

    /// On a free port.
    public FakeServer start() {
      return start(0);
    }

    public FakeServer start(int port) {
      var builder = Grpc.newServerBuilderForPort(port, credentials);
      interceptors.forEach(builder::intercept);
      services.values().forEach(service -> builder.addService(service.build()));
      try {
        return new FakeServer(builder.build().start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private ServerServiceDefinition.Builder service(MethodDescriptor<?, ?> method) {
      return services.computeIfAbsent(
          String.valueOf(method.getServiceName()), ServerServiceDefinition::builder);
    }
  }
}
