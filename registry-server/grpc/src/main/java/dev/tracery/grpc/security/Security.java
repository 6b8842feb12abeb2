package dev.tracery.grpc.security;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// How one server is secured. Until it is closed it reads its files again when they change, and
/// goes on with what it has if they cannot be read then. A connection keeps the certificate that it
/// began with; tokens are looked at with every call.
public final class Security implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Security.class.getName());
  private static final int OWN_TOKEN_BYTES = 32;

  private final SecurityOptions options;
  private final boolean reachable;
  private final AdvancedTlsX509KeyManager key = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager clients;
  private final AdvancedTlsX509TrustManager self;
  private final FileWatch watch;
  private final String ownToken;
  private final List<String> warnings = new ArrayList<>();
  private volatile Tokens tokens = new Tokens(List.of());

  private Security(SecurityOptions options, InetAddress address, Duration period)
      throws GeneralSecurityException {
    this.options = options;
    this.reachable = !address.isLoopbackAddress();
    this.clients = AdvancedTlsX509TrustManager.newBuilder().build();
    this.self =
        AdvancedTlsX509TrustManager.newBuilder()
            .setVerification(AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION)
            .build();
    this.watch = new FileWatch(period);
    byte[] random = new byte[OWN_TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    this.ownToken = HexFormat.of().formatHex(random);
  }

  /// Reads the files.
  ///
  /// @param address where the server will listen
  /// @throws IllegalArgumentException saying what is wrong with them, or that what they protect
  ///   would not be protected
  public static Security open(SecurityOptions options, InetAddress address) {
    return open(options, address, Duration.ofSeconds(1));
  }

  static Security open(SecurityOptions options, InetAddress address, Duration period) {
    try {
      var security = new Security(options, address, period);
      security.read();
      security.watch.start();
      return security;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("TLS cannot be used: " + e.getMessage(), e);
    }
  }

  private void read() throws GeneralSecurityException {
    if (options.tokens().isPresent() && options.certificate().isEmpty() && reachable) {
      throw new IllegalArgumentException(
          "tokens would cross the network in plain text: give a certificate with --tls-cert and"
              + " --tls-key, or listen on localhost");
    }
    if (options.certificate().isPresent() && options.key().isPresent()) {
      Path certificate = options.certificate().get();
      Path keyFile = options.key().get();
      warnings.addAll(takeIdentity(certificate, keyFile));
      if (SmallFile.isOpenToOthers(keyFile)) {
        warnings.add("the TLS key " + keyFile + " is open to other users: chmod 600 " + keyFile);
      }
      watch.add(
          List.of(certificate, keyFile),
          () ->
              again(
                  "the TLS certificate",
                  () ->
                      takeIdentity(certificate, keyFile)
                          .forEach(warning -> LOG.log(Level.WARNING, warning))));
    }
    if (options.clientAuthorities().isPresent()) {
      Path file = options.clientAuthorities().get();
      takeAuthorities(file);
      watch.add(List.of(file), () -> again("the client authorities", () -> takeAuthorities(file)));
    }
    if (options.tokens().isPresent()) {
      Path file = options.tokens().get();
      tokens = Tokens.read(file);
      if (tokens.isEmpty()) {
        throw new IllegalArgumentException(
            "the token file "
                + file
                + " has no token: nobody could call; `openssl rand -hex 32` makes one");
      }
      watch.add(List.of(file), () -> again("the token file", () -> takeTokens(file)));
    }
    if (reachable && options.certificate().isEmpty()) {
      warnings.add(
          "other machines reach this registry, in plain text, and may change it; --tls-cert,"
              + " --tls-key and --token-file protect it");
    } else if (reachable && !isAuthenticated()) {
      warnings.add(
          "whoever reaches this registry may change it; --token-file or --tls-client-ca says who"
              + " may");
    }
  }

  /// What the person who starts the server should know.
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /// With what the server listens.
  public ServerCredentials serverCredentials() {
    if (options.certificate().isEmpty()) {
      return InsecureServerCredentials.create();
    }
    TlsServerCredentials.Builder tls = TlsServerCredentials.newBuilder().keyManager(key);
    if (options.clientAuthorities().isPresent()) {
      // Why optional: who comes without is told so by a status, which no TLS alert does as well;
      // and health checks need none.
      tls.trustManager(clients).clientAuth(ClientAuth.OPTIONAL);
    }
    return tls.build();
  }

  /// What calls must pass, apart from health checks; empty if all may pass.
  public Optional<ServerInterceptor> authentication() {
    Supplier<Tokens> now = () -> tokens;
    return isAuthenticated()
        ? Optional.of(
            new Authentication(
                options.tokens().map(_ -> now), options.clientAuthorities().isPresent(), ownToken))
        : Optional.empty();
  }

  /// With what the server connects to itself: to its own certificate, whatever host that is for.
  public ChannelCredentials ownCredentials() {
    return options.certificate().isEmpty()
        ? InsecureChannelCredentials.create()
        : TlsChannelCredentials.newBuilder().trustManager(self).build();
  }

  /// The headers with which the server calls itself.
  public Metadata ownHeaders() {
    Metadata headers = new Metadata();
    if (isAuthenticated()) {
      headers.put(Authentication.AUTHORIZATION, "Bearer " + ownToken);
    }
    return headers;
  }

  /// Stops to look at the files.
  @Override
  public void close() {
    watch.close();
  }

  private boolean isAuthenticated() {
    return options.tokens().isPresent() || options.clientAuthorities().isPresent();
  }

  /// @return what is not as it should be
  private List<String> takeIdentity(Path certificate, Path keyFile)
      throws GeneralSecurityException {
    ServerIdentity identity = ServerIdentity.read(certificate, keyFile);
    key.updateIdentityCredentials(identity.chain().toArray(X509Certificate[]::new), identity.key());
    trust(self, List.of(identity.certificate()));
    return identity.warnings(certificate, Instant.now());
  }

  private void takeAuthorities(Path file) throws GeneralSecurityException {
    trust(clients, new PemFile("the client authorities", file).certificates());
  }

  private void takeTokens(Path file) {
    tokens = Tokens.read(file);
    if (tokens.isEmpty()) {
      LOG.log(Level.WARNING, "the token file {0} has no token any more: nobody can call", file);
    }
  }

  private static void trust(AdvancedTlsX509TrustManager manager, List<X509Certificate> trusted)
      throws GeneralSecurityException {
    try {
      manager.updateTrustCredentials(trusted.toArray(X509Certificate[]::new));
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /// Something that is done again when a file has changed.
  @FunctionalInterface
  private interface Reading {
    void run() throws GeneralSecurityException;
  }

  private static void again(String what, Reading reading) {
    try {
      reading.run();
      LOG.log(Level.INFO, "{0} has changed and was read again", what);
    } catch (RuntimeException | GeneralSecurityException e) {
      // Why any: Java's providers throw their own of a damaged key, and who looks at the files must
      // go on, for a token may be taken back.
      LOG.log(
          Level.WARNING,
          "{0} has changed, and the server goes on with the old one: {1}",
          what,
          e.getMessage());
    }
  }
}
