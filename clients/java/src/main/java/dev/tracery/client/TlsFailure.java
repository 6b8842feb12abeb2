package dev.tracery.client;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// Why no connection came about where one side speaks TLS, as gRPC, Netty and the JDK say it. Its
/// name is the reason of the [TraceryException].
enum TlsFailure {
  /// The first bytes of a TLS alert (RFC 8446, section 6) in the place of HTTP/2's settings.
  TLS_WANTED("bytes: 1503", "the server speaks TLS, and this client plain text"),
  TLS_NOT_SPOKEN("not an SSL/TLS record", "the server speaks plain text, and this client TLS"),
  CERTIFICATE_UNTRUSTED(
      "certification path",
      "the server's certificate is from no authority that this client trusts"),
  CERTIFICATE_OF_OTHER_HOST(
      "^No (subject alternative|name matching)", "the server's certificate is for another host"),
  CERTIFICATE_EXPIRED("^NotAfter: ", "the server's certificate has expired"),
  CERTIFICATE_TOO_NEW("^NotBefore: ", "the server's certificate is not valid yet"),
  TLS_FAILED("(?i)ssl|tls|handshake|certificate", "no TLS connection came about");

  private final Pattern words;
  private final String text;

  TlsFailure(String words, String text) {
    this.words = Pattern.compile(words);
    this.text = text;
  }

  /// What `message`, of the innermost cause, means; empty if that has nothing to do with TLS.
  static Optional<TlsFailure> of(String message) {
    return Arrays.stream(values()).filter(f -> f.words.matcher(message).find()).findFirst();
  }

  /// A sentence for people.
  ///
  /// @param message that of the innermost cause
  String text(String message) {
    return switch (this) {
      case TLS_WANTED, TLS_NOT_SPOKEN, CERTIFICATE_UNTRUSTED -> text;
      case CERTIFICATE_OF_OTHER_HOST, CERTIFICATE_EXPIRED, CERTIFICATE_TOO_NEW, TLS_FAILED ->
          text + " (" + message + ")";
    };
  }
}
