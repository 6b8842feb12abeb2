package dev.tracery.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.QuotaFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.tracery.grpc.security.Security;
import dev.tracery.grpc.security.SecurityOptions;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.Diagnostic;
import dev.tracery.v1.RegistryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/// A server on a free port of the loopback interface, over a fake registry, and a channel to it.
final class TestServer implements AutoCloseable {

  static final ServerOptions OPTIONS =
      new ServerOptions(
          1 << 20,
          64,
          3,
          Duration.ZERO,
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(200));

  /// No TLS and no tokens.
  static final Security OPEN =
      Security.open(SecurityOptions.read(_ -> null), InetAddress.getLoopbackAddress());

  private static final List<Class<? extends Message>> DETAILS =
      List.of(
          ErrorInfo.class,
          BadRequest.class,
          ResourceInfo.class,
          PreconditionFailure.class,
          QuotaFailure.class,
          RetryInfo.class,
          CompatibilityReport.class,
          Diagnostic.class);

  final FakeRegistry registry = new FakeRegistry();
  final CurrentRegistry current = new CurrentRegistry();
  final FakeTranslation translations = new FakeTranslation();
  final CurrentTranslation translation = new CurrentTranslation();
  final RpcServer server;
  final ManagedChannel channel;

  TestServer() {
    this(OPTIONS);
  }

  TestServer(ServerOptions options) {
    this(options, TranslationOptions.DEFAULTS);
  }

  TestServer(Security security) {
    this(OPTIONS, TranslationOptions.DEFAULTS, security);
  }

  TestServer(ServerOptions options, TranslationOptions translationOptions) {
    this(options, translationOptions, OPEN);
  }

  private TestServer(
      ServerOptions options, TranslationOptions translationOptions, Security security) {
    try {
      server =
          RpcServer.start(
              new ListenAddress("localhost", 0),
              options,
              translationOptions,
              security,
              current,
              translation,
              "1.2.3");
    } catch (IOException e) {
      throw new AssertionError("cannot listen on the loopback interface", e);
    }
    current.set(registry);
    translation.set((dev.tracery.translation.Translation) translations);
    translation.set((dev.tracery.translation.TranslatorBundles) translations);
    channel =
        NettyChannelBuilder.forAddress("localhost", server.port())
            .usePlaintext()
            .maxInboundMessageSize(64 << 20)
            .build();
  }

  RegistryServiceGrpc.RegistryServiceBlockingStub calls() {
    return RegistryServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  RegistryServiceGrpc.RegistryServiceStub streams() {
    return RegistryServiceGrpc.newStub(channel);
  }

  AdminServiceGrpc.AdminServiceBlockingStub admin() {
    return AdminServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
  }

  /// The status with which `call` fails, its details unpacked, in a form that reads well.
  static String refusal(Executable call) {
    return describe(Assertions.assertThrows(StatusRuntimeException.class, call));
  }

  static String describe(Throwable thrown) {
    Status status = StatusProto.fromThrowable(thrown);
    if (status == null) {
      return io.grpc.Status.fromThrowable(thrown).toString();
    }
    StringBuilder text = new StringBuilder();
    text.append(io.grpc.Status.fromCodeValue(status.getCode()).getCode());
    text.append(": ").append(status.getMessage()).append('\n');
    details(status)
        .forEach(detail ->
            text.append(detail.getDescriptorForType().getName())
                .append(" { ")
                .append(detail.toString().replaceAll("\\s+", " "))
                .append("}\n"));
    return text.toString();
  }

  static List<Message> details(Status status) {
    List<Message> details = new ArrayList<>();
    for (Any any : status.getDetailsList()) {
      for (Class<? extends Message> type : DETAILS) {
        if (any.is(type)) {
          try {
            details.add(any.unpack(type));
          } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
    return details;
  }

  /// Waits for something that another thread brings about.
  static void eventually(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      Assertions.assertTrue(System.nanoTime() < until, "did not happen within 20 s");
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
