package dev.tracery.grpc.wire;

import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.registry.Consumers;
import dev.tracery.v1.Claim;
import dev.tracery.v1.ClaimOrigin;
import dev.tracery.v1.ClaimState;
import dev.tracery.v1.Use;

/// Claims for the wire.
public final class ClaimWriter {

  private ClaimWriter() {}

  /// A claim with all that the tool needs.
  public static Claim write(Consumers.Claim claim) {
    return write(claim, ConsumerWriter.write(claim.consumer()));
  }

  /// A claim without the tool's requirements.
  public static Claim writeShort(Consumers.Claim claim) {
    return write(
        claim,
        dev.tracery.v1.Consumer.newBuilder()
            .setName(claim.consumer().name())
            .setVersion(claim.consumer().version())
            .setSource(claim.consumer().source())
            .build());
  }

  /// A use.
  public static Use write(Consumers.Use use) {
    return Use.newBuilder()
        .setClaim(writeShort(use.claim()))
        .setUse(ConsumerWriter.write(use.use()))
        .setOptional(use.optional())
        .setHasAlternatives(use.hasAlternatives())
        .addAllSeries(use.series())
        .build();
  }

  private static Claim write(Consumers.Claim claim, dev.tracery.v1.Consumer consumer) {
    Claim.Builder out =
        Claim.newBuilder()
            .setConsumer(consumer)
            .setOrigin(
                switch (claim.origin()) {
                  case DECLARED -> ClaimOrigin.CLAIM_ORIGIN_DECLARED;
                  case OBSERVED -> ClaimOrigin.CLAIM_ORIGIN_OBSERVED;
                })
            .setState(
                switch (claim.state()) {
                  case LIVE -> ClaimState.CLAIM_STATE_LIVE;
                  case WITHDRAWN -> ClaimState.CLAIM_STATE_WITHDRAWN;
                  case SUPERSEDED -> ClaimState.CLAIM_STATE_SUPERSEDED;
                  case LAPSED -> ClaimState.CLAIM_STATE_LAPSED;
                })
            .setCreateTime(KernelWriter.write(claim.created()))
            .setRevision(claim.revision())
            .setEndedBy(claim.endedBy());
    claim.lastSeen().ifPresent(time -> out.setLastSeenTime(KernelWriter.write(time)));
    claim.lapses().ifPresent(time -> out.setLapseTime(KernelWriter.write(time)));
    return out.build();
  }
}
