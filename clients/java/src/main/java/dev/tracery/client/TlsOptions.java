package dev.tracery.client;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/// How a client speaks TLS. The server's certificate must be for the host of its address. The files
/// are PEM, and are read when the client connects.
///
/// @param authorities whose certificates servers must have; empty: those that Java trusts
/// @param identity the client's own certificate, for servers that want one
public record TlsOptions(Optional<Path> authorities, Optional<Identity> identity) {

  /// The client's own certificate.
  ///
  /// @param certificate and what leads from it to its authority
  /// @param key its private key: PKCS #8, not encrypted
  public record Identity(Path certificate, Path key) {}

  /// Trusts the authorities that Java trusts, and has no certificate.
  public static TlsOptions defaults() {
    return new TlsOptions(Optional.empty(), Optional.empty());
  }

  /// These options with other authorities, or with the server's own certificate.
  public TlsOptions withAuthorities(Path file) {
    return new TlsOptions(Optional.of(file), identity);
  }

  /// These options with a certificate.
  public TlsOptions withIdentity(Path certificate, Path key) {
    return new TlsOptions(authorities, Optional.of(new Identity(certificate, key)));
  }

  /// @throws IllegalArgumentException naming a file that cannot be used
  ChannelCredentials credentials() {
    TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
    try {
      if (authorities.isPresent()) {
        tls.trustManager(
            new ByteArrayInputStream(readCertificates("the TLS authorities", authorities.get())));
      }
      if (identity.isPresent()) {
        byte[] chain = readCertificates("the TLS certificate", identity.get().certificate());
        byte[] key = readKey(identity.get().key());
        tls.keyManager(new ByteArrayInputStream(chain), new ByteArrayInputStream(key));
      }
    } catch (IOException e) {
      throw new IllegalStateException("reading memory cannot fail", e);
    }
    return tls.build();
  }

  private static byte[] readCertificates(String what, Path file) {
    byte[] bytes = read(what, file);
    try {
      var found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes));
      if (!found.isEmpty()) {
        return bytes;
      }
    } catch (CertificateException _) {
      // Falls through: what it says of a file that is something else says nothing.
    }
    throw new IllegalArgumentException(
        what + " " + file + " has no certificate in PEM (-----BEGIN CERTIFICATE-----)");
  }

  private static byte[] readKey(Path file) {
    byte[] bytes = read("the TLS key", file);
    if (!new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN PRIVATE KEY-----")) {
      throw new IllegalArgumentException(
          "the TLS key "
              + file
              + " has no private key in PEM, PKCS #8, without a password (-----BEGIN PRIVATE"
              + " KEY-----)");
    }
    return bytes;
  }

  private static byte[] read(String what, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + file + " for " + what, e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException(
          what + " " + file + " cannot be read: permission denied", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          what + " " + file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
