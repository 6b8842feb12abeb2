package dev.tracery.client.negotiate;

import dev.tracery.client.TraceryClient;
import java.time.InstantSource;

/// The negotiator with a clock of the caller's.
public final class ClockedNegotiator {

  private ClockedNegotiator() {}

  /// One that takes the age of answers from `clock`, which must go on.
  public static Negotiator of(
      TraceryClient client, NegotiatorOptions options, InstantSource clock) {
    return new Negotiator(client, options, clock);
  }
}
