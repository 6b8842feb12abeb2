package dev.tracery.client;

import java.time.Duration;

/// How a client behaves.
///
/// @param deadline how long a call with one answer may take, connecting included
/// @param transferDeadline how long a registration, an export or an import may take
/// @param userAgent who is calling, as the server's log names it: `mytool/1.2`
/// @param maxAnswerBytes the largest single answer that is accepted, in bytes
public record ClientOptions(
    Duration deadline, Duration transferDeadline, String userAgent, int maxAnswerBytes) {

  private static final ClientOptions DEFAULTS =
      new ClientOptions(
          Duration.ofSeconds(30), Duration.ofMinutes(30), "tracery-java/0.1", 256 << 20);

  /// @throws IllegalArgumentException if a deadline or the size is not positive
  public ClientOptions {
    if (!deadline.isPositive() || !transferDeadline.isPositive()) {
      throw new IllegalArgumentException("a deadline must be positive");
    }
    if (maxAnswerBytes <= 0) {
      throw new IllegalArgumentException("maxAnswerBytes must be positive");
    }
  }

  /// 30 seconds for a call, 30 minutes for a transfer, 256 MiB for an answer.
  public static ClientOptions defaults() {
    return DEFAULTS;
  }

  /// These options with another deadline for calls with one answer.
  public ClientOptions withDeadline(Duration deadline) {
    return new ClientOptions(deadline, transferDeadline, userAgent, maxAnswerBytes);
  }

  /// These options with another deadline for registrations, exports and imports.
  public ClientOptions withTransferDeadline(Duration transferDeadline) {
    return new ClientOptions(deadline, transferDeadline, userAgent, maxAnswerBytes);
  }

  /// These options with another user agent.
  public ClientOptions withUserAgent(String userAgent) {
    return new ClientOptions(deadline, transferDeadline, userAgent, maxAnswerBytes);
  }
}
