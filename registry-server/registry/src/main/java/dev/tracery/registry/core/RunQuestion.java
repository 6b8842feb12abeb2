package dev.tracery.registry.core;

import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.Requirement;
import dev.tracery.registry.Compatibility.KernelFit;
import dev.tracery.registry.Compatibility.RequirementFit;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.policy.KernelView;
import dev.tracery.registry.policy.RequirementEvaluator;
import java.util.ArrayList;
import java.util.List;

/// Whether one tool can run on kernels.
record RunQuestion(Consumer tool, RequirementEvaluator evaluator) {

  KernelFit ask(KernelView kernel) {
    List<RequirementFit> fits = new ArrayList<>(tool.requirements().size());
    RunOutcome worst = RunOutcome.ACCEPTED;
    for (Requirement requirement : tool.requirements()) {
      RequirementFit fit = evaluator.evaluate(requirement, kernel);
      fits.add(fit);
      worst = fit.outcome().compareTo(worst) > 0 ? fit.outcome() : worst;
    }
    return new KernelFit(kernel.id(), kernel.identity().release(), worst, fits);
  }
}
