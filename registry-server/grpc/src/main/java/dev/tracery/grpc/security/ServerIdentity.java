package dev.tracery.grpc.security;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Who the server says that it is.
///
/// @param chain its certificate, then what leads to its authority
/// @param key of the first of these
record ServerIdentity(List<X509Certificate> chain, PrivateKey key) {

  private static final Duration SOON = Duration.ofDays(14);

  /// Reads both files.
  ///
  /// @throws IllegalArgumentException if one cannot be read, or they do not belong together
  static ServerIdentity read(Path certificate, Path key) {
    var identity =
        new ServerIdentity(
            new PemFile("the TLS certificate", certificate).certificates(),
            new PemFile("the TLS key", key).privateKey());
    if (!identity.belongTogether()) {
      throw new IllegalArgumentException(
          "the TLS key " + key + " is of another certificate than the first one in " + certificate);
    }
    return identity;
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  /// What will keep clients from connecting, though the server can start.
  List<String> warnings(Path file, Instant now) {
    List<String> warnings = new ArrayList<>();
    Instant begin = certificate().getNotBefore().toInstant();
    Instant end = certificate().getNotAfter().toInstant();
    if (now.isBefore(begin)) {
      warnings.add("the TLS certificate " + file + " is not valid before " + begin);
    }
    if (now.isAfter(end)) {
      warnings.add(
          "the TLS certificate "
              + file
              + " has expired at "
              + end
              + ": clients refuse it; replace the file, and the server takes the new one");
    } else if (now.plus(SOON).isAfter(end)) {
      warnings.add("the TLS certificate " + file + " expires at " + end);
    }
    return warnings;
  }

  /// Signs with the key and has the certificate verify that.
  private boolean belongTogether() {
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    byte[] text = "tracery".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      // Why the key and not the certificate: key usage is for clients to judge.
      verifier.initVerify(certificate().getPublicKey());
      verifier.update(text);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
