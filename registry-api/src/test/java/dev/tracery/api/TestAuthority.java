package dev.tracery.api;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/// An authority that gives certificates to tests, made when the test runs: no private key is in the
/// sources. Keys are EC of 256 bits; what is written here is RFC 5280's `Certificate` in DER.
public final class TestAuthority {

  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String SUBJECT_ALT_NAME = "2.5.29.17";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final X500Principal name;
  private final KeyPair keys = newKeys();
  private final X509Certificate certificate;

  /// @param name its common name
  public TestAuthority(String name) {
    this.name = new X500Principal("CN=" + name);
    Instant now = Instant.now();
    certificate =
        sign(
            this.name, keys, now.minusSeconds(60), now.plus(Duration.ofDays(100)), List.of(), true);
  }

  /// A certificate and its key.
  public record Issued(X509Certificate certificate, PrivateKey key) {

    /// Writes both, the key for the owner only. Files that are there are replaced.
    public void write(Path certificateFile, Path keyFile) {
      TestAuthority.write(certificateFile, pem("CERTIFICATE", encoded(certificate)));
      TestAuthority.write(keyFile, pem("PRIVATE KEY", key.getEncoded()));
      try {
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// The authority's own certificate.
  public X509Certificate certificate() {
    return certificate;
  }

  /// Writes the authority's own certificate.
  public void write(Path file) {
    write(file, pem("CERTIFICATE", encoded(certificate)));
  }

  /// A certificate for these hosts, names or addresses, valid for 100 days.
  public Issued issue(String... hosts) {
    Instant now = Instant.now();
    return issue(now.minusSeconds(60), now.plus(Duration.ofDays(100)), hosts);
  }

  /// A certificate that is valid between two times.
  public Issued issue(Instant begin, Instant end, String... hosts) {
    KeyPair own = newKeys();
    X500Principal subject = new X500Principal("CN=" + hosts[0]);
    return new Issued(sign(subject, own, begin, end, List.of(hosts), false), own.getPrivate());
  }

  private X509Certificate sign(
      X500Principal subject,
      KeyPair subjectKeys,
      Instant begin,
      Instant end,
      List<String> hosts,
      boolean authority) {
    byte[] algorithm = sequence(oid(ECDSA_WITH_SHA256));
    byte[] extensions = authority ? authorityExtension() : hostsExtension(hosts);
    byte[] body =
        sequence(
            tagged(0xa0, integer(BigInteger.TWO)),
            integer(new BigInteger(127, RANDOM)),
            algorithm,
            name.getEncoded(),
            sequence(time(begin), time(end)),
            subject.getEncoded(),
            subjectKeys.getPublic().getEncoded(),
            tagged(0xa3, sequence(extensions)));
    try {
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(keys.getPrivate());
      signer.update(body);
      byte[] der = sequence(body, algorithm, bits(signer.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] authorityExtension() {
    byte[] isAuthority = sequence(tagged(0x01, new byte[] {-1}));
    return sequence(
        oid(BASIC_CONSTRAINTS), tagged(0x01, new byte[] {-1}), tagged(0x04, isAuthority));
  }

  private static byte[] hostsExtension(List<String> hosts) {
    byte[][] names =
        hosts.stream()
            .map(host ->
                host.matches("[0-9.]+|.*:.*")
                    ? tagged(0x87, address(host))
                    : tagged(0x82, host.getBytes(StandardCharsets.US_ASCII)))
            .toArray(byte[][]::new);
    return sequence(oid(SUBJECT_ALT_NAME), tagged(0x04, sequence(names)));
  }

  private static byte[] address(String literal) {
    try {
      return InetAddress.getByName(literal).getAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sequence(byte[]... parts) {
    return tagged(0x30, parts);
  }

  private static byte[] integer(BigInteger value) {
    return tagged(0x02, value.toByteArray());
  }

  private static byte[] bits(byte[] bytes) {
    return tagged(0x03, new byte[] {0}, bytes);
  }

  private static byte[] time(Instant time) {
    DateTimeFormatter form =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    return tagged(0x18, form.format(time).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] oid(String dotted) {
    String[] numbers = dotted.split("\\.");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(Integer.parseInt(numbers[0]) * 40 + Integer.parseInt(numbers[1]));
    for (int i = 2; i < numbers.length; i++) {
      int number = Integer.parseInt(numbers[i]);
      for (int shift = 21; shift >= 0; shift -= 7) {
        if (number >>> shift != 0 || shift == 0) {
          out.write(number >>> shift & 0x7f | (shift == 0 ? 0 : 0x80));
        }
      }
    }
    return tagged(0x06, out.toByteArray());
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A block of RFC 7468.
  public static String pem(String label, byte[] bytes) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
