package dev.tracery.grpc.security;

import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Lets only callers through who have what the server wants of them. Who is let through may do
/// everything. Answers UNAUTHENTICATED to others, and says what they lack; an authority that the
/// server does not know ends the handshake before.
final class Authentication implements ServerInterceptor {

  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Logger LOG = System.getLogger(Authentication.class.getName());
  private static final String SCHEME = "bearer ";
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Optional<Supplier<Tokens>> tokens;
  private final boolean wantsCertificate;
  private final String ownToken;
  private final AtomicLong lastLogged = new AtomicLong(System.nanoTime() - QUIET_NANOS);

  /// @param tokens the tokens of now; empty if callers need none
  /// @param ownToken with which the server calls itself; it stands for a certificate, too
  Authentication(Optional<Supplier<Tokens>> tokens, boolean wantsCertificate, String ownToken) {
    this.tokens = tokens;
    this.wantsCertificate = wantsCertificate;
    this.ownToken = ownToken;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String token = token(headers);
    if (token == null || !isOwn(token)) {
      String holder = wantsCertificate ? certificateHolder(call) : "";
      String name = tokens.isPresent() ? tokenHolder(tokens.get().get(), token, call) : "";
      if (LOG.isLoggable(Level.DEBUG)) {
        LOG.log(
            Level.DEBUG,
            "{0} by {1}",
            call.getMethodDescriptor().getFullMethodName(),
            (name + " " + holder).strip());
      }
    }
    return next.startCall(call, headers);
  }

  private static @Nullable String token(Metadata headers) {
    String header = headers.get(AUTHORIZATION);
    return header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)
        ? null
        : header.substring(SCHEME.length()).strip();
  }

  private boolean isOwn(String token) {
    return MessageDigest.isEqual(
        token.getBytes(StandardCharsets.UTF_8), ownToken.getBytes(StandardCharsets.UTF_8));
  }

  private String certificateHolder(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      if (session != null) {
        return session.getPeerPrincipal().getName();
      }
    } catch (SSLPeerUnverifiedException _) {
      // There is none.
    }
    throw refused(
        call,
        ErrorReason.CERTIFICATE_MISSING,
        "this registry wants a client certificate of an authority that it knows, and there is none;"
            + " the command takes one with --tls-cert and --tls-key");
  }

  private String tokenHolder(Tokens known, @Nullable String token, ServerCall<?, ?> call) {
    if (token == null) {
      throw refused(
          call,
          ErrorReason.TOKEN_MISSING,
          "this registry wants a token, and there is none; send it as \"authorization: Bearer"
              + " TOKEN\"; the command takes it from the file that --token-file names");
    }
    return known
        .nameOf(token)
        .orElseThrow(() ->
            refused(
                call,
                ErrorReason.TOKEN_UNKNOWN,
                "this registry does not know the token that was sent; ask who runs it for one"));
  }

  /// Says it to the log, too, but not so often that who guesses tokens fills the disk.
  private StatusRuntimeException refused(
      ServerCall<?, ?> call, ErrorReason reason, String message) {
    long now = System.nanoTime();
    long last = lastLogged.get();
    if (now - last >= QUIET_NANOS && lastLogged.compareAndSet(last, now)) {
      LOG.log(
          Level.WARNING,
          "refused {0} of {1}: {2}; more of these are not logged for 10 s",
          call.getMethodDescriptor().getFullMethodName(),
          call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR),
          reason);
    }
    return new Refusal(reason, message, List.of()).toException();
  }
}
