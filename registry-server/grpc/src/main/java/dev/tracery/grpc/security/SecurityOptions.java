package dev.tracery.grpc.security;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which files say who may talk to the server. Without any, everybody may, in plain text.
///
/// @param certificate the server's certificate and what leads from it to its authority, PEM
/// @param key the certificate's private key, PEM; there is one if there is a certificate
/// @param clientAuthorities whose certificates callers must have, PEM; only with a certificate
/// @param tokens one of which callers must send
public record SecurityOptions(
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<Path> clientAuthorities,
    Optional<Path> tokens) {

  private static final String CERTIFICATE = "tracery.tls.cert";
  private static final String KEY = "tracery.tls.key";
  private static final String CLIENT_AUTHORITIES = "tracery.tls.client-ca";
  private static final String TOKENS = "tracery.auth.token-file";

  /// Reads the framework's properties.
  ///
  /// @throws IllegalArgumentException naming a property that is wrong or that another one needs
  public static SecurityOptions read(Function<String, @Nullable String> properties) {
    var options =
        new SecurityOptions(
            path(properties, CERTIFICATE),
            path(properties, KEY),
            path(properties, CLIENT_AUTHORITIES),
            path(properties, TOKENS));
    if (options.certificate.isPresent() && options.key.isEmpty()) {
      throw new IllegalArgumentException(
          "a TLS certificate is given without its private key; give that with --tls-key");
    }
    if (options.key.isPresent() && options.certificate.isEmpty()) {
      throw new IllegalArgumentException(
          "a TLS key is given without its certificate; give that with --tls-cert");
    }
    if (options.clientAuthorities.isPresent() && options.certificate.isEmpty()) {
      throw new IllegalArgumentException(
          "client certificates need TLS; give the server's with --tls-cert and --tls-key");
    }
    return options;
  }

  private static Optional<Path> path(Function<String, @Nullable String> properties, String name) {
    String text = properties.apply(name);
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(text.strip()).toAbsolutePath());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": \"" + text + "\" is no path", e);
    }
  }
}
