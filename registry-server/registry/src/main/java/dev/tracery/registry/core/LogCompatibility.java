package dev.tracery.registry.core;

import dev.tracery.consumer.Consumer;
import dev.tracery.model.KernelIdentity;
import dev.tracery.registry.Compatibility;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.policy.RequirementEvaluator;
import java.util.List;
import java.util.function.Function;

/// Verdicts, waivers and the policy over the log. Thread-safe.
final class LogCompatibility implements Compatibility {

  private final Log log;
  private final Registrar registrar;
  private final StoredLayouts stored;
  private final RequirementEvaluator evaluator;

  LogCompatibility(
      Log log, Registrar registrar, StoredLayouts stored, RequirementEvaluator evaluator) {
    this.log = log;
    this.registrar = registrar;
    this.stored = stored;
    this.evaluator = evaluator;
  }

  @Override
  public Check check(KernelIdentity identity, String series) {
    return registrar.check(identity, series);
  }

  @Override
  public KernelFit canRunOn(Consumer tool, String kernel, long atRevision) {
    KnownNames.checkPatterns("consumer", tool);
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    KernelEntry entry = KernelNames.resolve(index, "kernel", kernel, revision);
    return new RunQuestion(tool, evaluator).ask(new StoredKernel(entry, stored, index, revision));
  }

  @Override
  public List<KernelFit> canRunIn(Consumer tool, String series, int limit, long atRevision) {
    KnownNames.checkPatterns("consumer", tool);
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    SeriesNames.checkThere(index, "series", series, revision);
    RunQuestion question = new RunQuestion(tool, evaluator);
    List<KernelEntry> kernels = index.kernels(series, 0, Integer.MAX_VALUE, revision);
    return kernels.subList(Math.max(0, kernels.size() - limit), kernels.size()).stream()
        .map(kernel -> question.ask(new StoredKernel(kernel, stored, index, revision)))
        .toList();
  }

  @Override
  public Waiver waive(Waiver waiver) {
    write(index -> new RulingPlanner(index).waive(waiver));
    return log.index().rulings().waiver(waiver.name()).orElseThrow();
  }

  @Override
  public List<Waiver> waivers(String series, int from, int limit, long atRevision) {
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    return index.rulings().waivers(series, revision).stream()
        .skip(Math.max(0, from))
        .limit(limit)
        .toList();
  }

  @Override
  public Policy policy(long atRevision) {
    Index index = log.index();
    return policy(index, Revisions.resolve(index, atRevision));
  }

  @Override
  public Policy updatePolicy(List<ModeRule> modes, List<StabilityRule> stability) {
    long revision = write(index -> new RulingPlanner(index).update(modes, stability));
    return policy(log.index(), revision);
  }

  private static Policy policy(Index index, long revision) {
    Policy policy = index.rulings().policy(revision);
    return new Policy(policy.defaultMode(), policy.modes(), policy.stability(), revision);
  }

  private long write(Function<Index, Commit> planner) {
    return log.write(
            index -> new LogPlan.Entries(index, index.head().revision(), planner.apply(index)),
            false)
        .revision();
  }
}
