package dev.tracery.registry.policy;

import dev.tracery.registry.Compatibility.Report;

/// Judges a kernel against the kernel before it in its series. Thread-safe.
public final class Judge {

  private final RequirementEvaluator evaluator;

  public Judge(RequirementEvaluator evaluator) {
    this.evaluator = evaluator;
  }

  /// The report.
  public Report judge(Candidacy candidacy) {
    throw new UnsupportedOperationException("not written yet: " + evaluator + candidacy);
  }
}
