package dev.tracery.grpc;

import dev.tracery.grpc.reflection.ReflectionCalls;
import dev.tracery.grpc.security.Security;
import dev.tracery.metrics.MetricSource;
import dev.tracery.registry.Registry;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.ConsumerServiceGrpc;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.TranslationServiceGrpc;
import dev.tracery.v1.TranslatorServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// A gRPC server over the current registry, listening from when it is made until it is closed.
final class RpcServer implements AutoCloseable {

  private static final String OUR_SERVICES = "tracery.v1.";
  private static final long KEEP_ALIVE_SECONDS = 60;
  private static final long KEEP_ALIVE_ANSWER_SECONDS = 20;
  private static final long FASTEST_CLIENT_KEEP_ALIVE_SECONDS = 10;
  private static final long SELF_CHECK_SECONDS = 30;
  private static final long WRITES_CHECK_MILLIS = 500;
  private static final long ANSWER_CACHE_BYTES = 16 << 20;

  private final Server server;
  private final Health health;
  private final Watchers watchers;
  private final ExecutorService threads;
  private final ScheduledExecutorService clock;
  private final CallCounts counts;
  private final TranslationCalls translations;
  private final ServerOptions options;
  private final Security security;

  private RpcServer(
      Server server,
      Health health,
      Watchers watchers,
      ExecutorService threads,
      ScheduledExecutorService clock,
      CallCounts counts,
      TranslationCalls translations,
      ServerOptions options,
      Security security) {
    this.server = server;
    this.health = health;
    this.watchers = watchers;
    this.threads = threads;
    this.clock = clock;
    this.counts = counts;
    this.translations = translations;
    this.options = options;
    this.security = security;
  }

  /// Binds and listens.
  ///
  /// @param security stays the caller's
  /// @throws IOException if the address cannot be listened on
  static RpcServer start(
      ListenAddress address,
      ServerOptions options,
      TranslationOptions translations,
      Security security,
      CurrentRegistry current,
      CurrentTranslation translation,
      String version)
      throws IOException {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tracery-call-", 0).factory());
    WriterSlots writers = new WriterSlots(options.maxWriters());
    Watchers watchers = new Watchers();
    Health health =
        new Health(
            List.of(
                RegistryServiceGrpc.SERVICE_NAME,
                CompatibilityServiceGrpc.SERVICE_NAME,
                ConsumerServiceGrpc.SERVICE_NAME,
                NegotiationServiceGrpc.SERVICE_NAME,
                TranslationServiceGrpc.SERVICE_NAME,
                TranslatorServiceGrpc.SERVICE_NAME,
                AdminServiceGrpc.SERVICE_NAME));
    List<ServerServiceDefinition> services = new ArrayList<>();
    services.add(
        new RegistryCalls(current, threads, writers, watchers, options.stall()).bindService());
    services.add(new ConsumerCalls(current, threads).bindService());
    services.add(new CompatibilityCalls(current, threads, writers, options.stall()).bindService());
    services.add(new NegotiationCalls(current, threads).bindService());
    TranslationCalls translationCalls = new TranslationCalls(translation, threads, translations);
    services.add(translationCalls.bindService());
    services.add(
        ServerInterceptors.intercept(
            new TranslatorCalls(translation, threads, options.stall(), translations),
            Callers.INSTANCE));
    services.add(new AdminCalls(current, threads, writers, options.stall()).bindService());
    services.add(health.service().bindService());
    services.addAll(ReflectionCalls.bind(current::get, threads, services));

    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address.resolve(), security.serverCredentials())
            .directExecutor()
            .maxInboundMessageSize(options.maxMessageBytes())
            .maxConcurrentCallsPerConnection(options.maxConcurrentCalls())
            .permitKeepAliveTime(FASTEST_CLIENT_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_ANSWER_SECONDS, TimeUnit.SECONDS);
    if (options.maxConnectionAge().isPositive()) {
      builder.maxConnectionAge(options.maxConnectionAge().toSeconds(), TimeUnit.SECONDS);
    }
    CallCounts counts = new CallCounts();
    CallGuard guard = new CallGuard(version, new CallMarks(current), counts);
    CallGuard unmarkedGuard = new CallGuard(version, null, counts);
    RevisionGate gate = new RevisionGate(current, threads, options.revisionWait(), counts);
    AnswerCache cache =
        new AnswerCache(
            RegistryServiceGrpc.getGetSchemaMethod().getFullMethodName(),
            current,
            ANSWER_CACHE_BYTES);
    for (ServerServiceDefinition service : services) {
      String name = service.getServiceDescriptor().getName();
      boolean ours = name.startsWith(OUR_SERVICES);
      // The last is the first that a call meets.
      List<ServerInterceptor> interceptors = new ArrayList<>();
      interceptors.add(cache);
      if (ours) {
        interceptors.add(gate);
      }
      // Why not before health checks: who looks whether a server is well knows no secret.
      if (!name.equals(HealthGrpc.SERVICE_NAME)) {
        security.authentication().ifPresent(interceptors::add);
      }
      interceptors.add(ours ? guard : unmarkedGuard);
      builder.addService(
          ServerInterceptors.intercept(
              ServerInterceptors.useMarshalledMessages(service, RawMessages.INSTANCE),
              interceptors));
    }
    Server server = builder.build().start();
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("tracery-grpc-health").factory());
    current.onChange(there -> {
      health.set(there);
      health.setWrites(takesWrites(current));
      if (!there) {
        watchers.registryHasGone();
      }
    });
    health.set(current.isThere());
    // Why: nobody tells of a store that goes or comes.
    clock.scheduleWithFixedDelay(
        () -> health.setWrites(takesWrites(current)),
        0,
        WRITES_CHECK_MILLIS,
        TimeUnit.MILLISECONDS);
    return new RpcServer(
        server, health, watchers, threads, clock, counts, translationCalls, options, security);
  }

  private static boolean takesWrites(CurrentRegistry current) {
    Registry registry = current.orNull();
    return registry != null && registry.freshness().storeReachable();
  }

  /// How calls ended.
  MetricSource metrics() {
    return counts;
  }

  /// The port that was bound.
  int port() {
    return server.getPort();
  }

  /// Asks itself for its status, over the network, as any client would.
  ///
  /// @throws io.grpc.StatusRuntimeException if that fails
  GetStatusResponse checkItself() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(reachable(), security.ownCredentials())
            .intercept(MetadataUtils.newAttachHeadersInterceptor(security.ownHeaders()))
            .directExecutor()
            .build();
    try {
      return AdminServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(SELF_CHECK_SECONDS, TimeUnit.SECONDS)
          .getStatus(GetStatusRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow();
    }
  }

  /// Ends watches at once, gives other calls the grace that the options have, then cuts them off.
  @Override
  public void close() {
    clock.shutdownNow();
    health.stop();
    server.shutdown();
    watchers.stop();
    try {
      if (!server.awaitTermination(options.grace().toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        server.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
    translations.close();
  }

  private InetSocketAddress reachable() {
    InetSocketAddress bound = (InetSocketAddress) server.getListenSockets().getFirst();
    return bound.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), bound.getPort())
        : bound;
  }
}
