package dev.tracery.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How a client behaves.
///
/// @param deadline how long a call with one answer may take, connecting included
/// @param transferDeadline how long a registration, an export or an import may take
/// @param userAgent who is calling, as the server's log names it: `mytool/1.2`
/// @param maxAnswerBytes the largest single answer that is accepted, in bytes
/// @param tls how TLS is spoken; empty: plain text
/// @param token what is sent with every call; only with TLS, or to this machine
/// @param atLeastRevision calls are answered from this revision or a later one, however far a
///   server has read the log; 0 for what it has read. A client raises it for itself with what it
///   writes
public record ClientOptions(
    Duration deadline,
    Duration transferDeadline,
    String userAgent,
    int maxAnswerBytes,
    Optional<TlsOptions> tls,
    Optional<BearerToken> token,
    long atLeastRevision) {

  private static final ClientOptions DEFAULTS =
      new ClientOptions(
          Duration.ofSeconds(30),
          Duration.ofMinutes(30),
          "tracery-java/0.1",
          256 << 20,
          Optional.empty(),
          Optional.empty(),
          0);

  /// @throws IllegalArgumentException if a deadline or the size is not positive, or the revision is
  ///   negative
  public ClientOptions {
    if (!deadline.isPositive() || !transferDeadline.isPositive()) {
      throw new IllegalArgumentException("a deadline must be positive");
    }
    if (maxAnswerBytes <= 0) {
      throw new IllegalArgumentException("maxAnswerBytes must be positive");
    }
    if (atLeastRevision < 0) {
      throw new IllegalArgumentException("atLeastRevision must not be negative");
    }
  }

  /// 30 seconds for a call, 30 minutes for a transfer, 256 MiB for an answer; plain text.
  public static ClientOptions defaults() {
    return DEFAULTS;
  }

  /// These options with another deadline for calls with one answer.
  public ClientOptions withDeadline(Duration deadline) {
    return new ClientOptions(
        deadline, transferDeadline, userAgent, maxAnswerBytes, tls, token, atLeastRevision);
  }

  /// These options with another deadline for registrations, exports and imports.
  public ClientOptions withTransferDeadline(Duration transferDeadline) {
    return new ClientOptions(
        deadline, transferDeadline, userAgent, maxAnswerBytes, tls, token, atLeastRevision);
  }

  /// These options with another user agent.
  public ClientOptions withUserAgent(String userAgent) {
    return new ClientOptions(
        deadline, transferDeadline, userAgent, maxAnswerBytes, tls, token, atLeastRevision);
  }

  /// These options with TLS, trusting the authorities that Java trusts.
  public ClientOptions withTls() {
    return withTls(TlsOptions.defaults());
  }

  /// These options with TLS.
  public ClientOptions withTls(TlsOptions tls) {
    return new ClientOptions(
        deadline,
        transferDeadline,
        userAgent,
        maxAnswerBytes,
        Optional.of(tls),
        token,
        atLeastRevision);
  }

  /// These options with a token.
  public ClientOptions withToken(String token) {
    return with(BearerToken.of(token));
  }

  /// These options with the token in a file, which is read again when it changes.
  public ClientOptions withTokenFile(Path file) {
    return with(BearerToken.ofFile(file));
  }

  /// These options with a revision that calls are answered from at least.
  public ClientOptions withAtLeastRevision(long revision) {
    return new ClientOptions(
        deadline, transferDeadline, userAgent, maxAnswerBytes, tls, token, revision);
  }

  private ClientOptions with(BearerToken bearer) {
    return new ClientOptions(
        deadline,
        transferDeadline,
        userAgent,
        maxAnswerBytes,
        tls,
        Optional.of(bearer),
        atLeastRevision);
  }
}
