package dev.tracery.client.negotiate;

/// The tool cannot run on this kernel. The message says why.
public final class NegotiationRefusedException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Negotiated negotiated;

  NegotiationRefusedException(Negotiated negotiated) {
    super(
        negotiated.tool().name()
            + " "
            + negotiated.tool().version()
            + " cannot run on this kernel: "
            + String.join("; ", negotiated.reasons()));
    this.negotiated = negotiated;
  }

  /// The whole answer.
  public Negotiated negotiated() {
    return negotiated;
  }
}
