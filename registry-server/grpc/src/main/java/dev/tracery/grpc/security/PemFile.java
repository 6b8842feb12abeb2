package dev.tracery.grpc.security;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file of certificates or with a private key, as RFC 7468 has them.
///
/// @param what the file is, for messages: `the TLS certificate`
record PemFile(String what, Path path) {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  // PEM does not say what key it is; PKCS #8 inside does, and KeyFactory wants to know before.
  private static final List<String> ALGORITHMS = List.of("EC", "RSA");

  /// The certificates, one at least.
  ///
  /// @throws IllegalArgumentException if there is none, or one cannot be read
  List<X509Certificate> certificates() {
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(SmallFile.read(what, path));
    while (blocks.find()) {
      if (blocks.group(1).equals("CERTIFICATE")) {
        certificates.add(certificate(bytes(blocks)));
      }
    }
    if (certificates.isEmpty()) {
      throw wrong("has no certificate in PEM (-----BEGIN CERTIFICATE-----)");
    }
    return certificates;
  }

  /// The private key.
  ///
  /// @throws IllegalArgumentException if there is none, or it cannot be read
  PrivateKey privateKey() {
    Matcher blocks = BLOCK.matcher(SmallFile.read(what, path));
    String other = "";
    while (blocks.find()) {
      if (blocks.group(1).equals("PRIVATE KEY")) {
        return privateKey(bytes(blocks));
      }
      if (blocks.group(1).endsWith("PRIVATE KEY")) {
        other = blocks.group(1);
      }
    }
    if (other.startsWith("ENCRYPTED")) {
      throw wrong(
          "is encrypted; take the password off: openssl pkcs8 -in "
              + path
              + " -out plain.key, and let nobody else read that");
    }
    if (!other.isEmpty()) {
      throw wrong(
          "is an "
              + other
              + "; convert it: openssl pkcs8 -topk8 -nocrypt -in "
              + path
              + " -out pkcs8.key");
    }
    throw wrong("has no private key in PEM (-----BEGIN PRIVATE KEY-----)");
  }

  private X509Certificate certificate(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw wrong("has a certificate that cannot be read: " + e.getMessage());
    }
  }

  private PrivateKey privateKey(byte[] der) {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException _) {
        // It is of another algorithm, or none.
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has " + algorithm, e);
      }
    }
    throw wrong("has a private key that is neither RSA nor EC, or is damaged");
  }

  private byte[] bytes(Matcher block) {
    try {
      return Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException e) {
      throw wrong("is damaged: " + e.getMessage());
    }
  }

  private IllegalArgumentException wrong(String problem) {
    return new IllegalArgumentException(what + " " + path + " " + problem);
  }
}
