package dev.tracery.grpc.wire;

import dev.tracery.registry.Compatibility;
import dev.tracery.v1.FieldFit;
import dev.tracery.v1.FitReason;
import dev.tracery.v1.KernelFit;
import dev.tracery.v1.RequirementFit;
import dev.tracery.v1.RunOutcome;

/// How tools fit kernels, for the wire.
public final class FitWriter {

  private FitWriter() {}

  /// How a tool fits a kernel.
  public static KernelFit write(Compatibility.KernelFit fit) {
    KernelFit.Builder out =
        KernelFit.newBuilder()
            .setKernel(fit.kernel())
            .setRelease(fit.release())
            .setOutcome(write(fit.outcome()));
    fit.requirements().forEach(requirement -> out.addRequirements(write(requirement)));
    return out.build();
  }

  /// How one requirement stands.
  public static RequirementFit write(Compatibility.RequirementFit fit) {
    RequirementFit.Builder out =
        RequirementFit.newBuilder()
            .setOutcome(write(fit.outcome()))
            .setChosen(fit.chosen())
            .setReason(write(fit.reason()))
            .setExplanation(fit.explanation());
    for (Compatibility.FieldFit field : fit.fields()) {
      out.addFields(
          FieldFit.newBuilder()
              .setName(field.name())
              .setReason(write(field.reason()))
              .setUsable(field.usable())
              .setExplanation(field.explanation()));
    }
    return out.build();
  }

  /// The protocol's constant.
  public static RunOutcome write(Compatibility.RunOutcome outcome) {
    return WireConstants.write(RunOutcome.class, "RUN_OUTCOME_", outcome);
  }

  private static FitReason write(Compatibility.FitReason reason) {
    return WireConstants.write(FitReason.class, "FIT_REASON_", reason);
  }
}
