package dev.tracery.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Lets a handler ask whether its caller is on this machine.
enum Callers implements ServerInterceptor {
  INSTANCE;

  private static final Context.Key<Boolean> LOOPBACK = Context.key("tracery-loopback");

  /// Whether the call whose context this is came over the loopback interface.
  static boolean isOnThisMachine() {
    return Boolean.TRUE.equals(LOOPBACK.get());
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    boolean loopback =
        remote instanceof InetSocketAddress address
            && address.getAddress() != null
            && address.getAddress().isLoopbackAddress();
    return Contexts.interceptCall(
        Context.current().withValue(LOOPBACK, loopback), call, headers, next);
  }
}
