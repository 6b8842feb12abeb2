package dev.tracery.registry.policy;

import dev.tracery.consumer.Requirement;
import dev.tracery.registry.Compatibility.RequirementFit;

/// Whether a requirement holds on one kernel, and how. Thread-safe.
public final class RequirementEvaluator {

  /// How `requirement` stands on `kernel`.
  public RequirementFit evaluate(Requirement requirement, KernelView kernel) {
    throw new UnsupportedOperationException("not written yet");
  }
}
