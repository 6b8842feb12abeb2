package dev.tracery.registry.core;

import dev.tracery.registry.Compatibility.Finding;
import dev.tracery.registry.Compatibility.Mode;
import dev.tracery.registry.Compatibility.Policy;
import dev.tracery.registry.Compatibility.Report;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.index.CommitReader;
import dev.tracery.registry.index.Delta;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.policy.Candidacy;
import dev.tracery.registry.policy.Judge;
import dev.tracery.registry.ruling.PolicyEditor;
import dev.tracery.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Judges kernels that are planned to be registered, against the kernel before them in a series.
/// All that a verdict is made of is read at the plan's revision. Thread-safe.
final class KernelJudge {

  private final StoredLayouts stored;
  private final LiveClaims claims;
  private final Judge judge;
  private final InstantSource clock;

  KernelJudge(StoredLayouts stored, LiveClaims claims, Judge judge, InstantSource clock) {
    this.stored = stored;
    this.claims = claims;
    this.judge = judge;
    this.clock = clock;
  }

  /// The plan with its report, where it joins a series by it.
  ///
  /// @throws RegistryException FAILED_PRECONDITION with the report if it breaks a series that
  ///   enforces
  JudgedPlan judged(RegistrationPlan plan) {
    Optional<String> series = plan.series().filter(name -> joins(plan, name));
    Optional<Report> report = series.map(name -> report(plan, name));
    report
        .filter(found -> found.mode() == Mode.ENFORCE && found.verdict() == Verdict.BREAK)
        .ifPresent(found -> {
          throw new RegistryException(found.series(), refusal(found), found);
        });
    return new JudgedPlan(plan, report);
  }

  /// What the planned kernel would do to a series, whether it is in it already or not.
  Report report(RegistrationPlan plan, String series) {
    Index index = plan.index();
    long revision = plan.base();
    Optional<KernelEntry> known = index.kernelById(plan.kernelId(), revision);
    KernelEntry candidate = candidate(plan, known);
    Policy policy = index.rulings().policy(revision);
    StabilityTable stability = new StabilityTable(policy);
    StoredLayouts layouts = plan.blobs().isEmpty() ? stored : stored.with(plan.blobs());
    KernelDiffer differ = new KernelDiffer(layouts);
    Optional<Candidacy.Predecessor> predecessor =
        index
            .before(known.orElse(null), series, revision)
            .map(before ->
                new Candidacy.Predecessor(
                    before.at(revision),
                    new StoredKernel(before, layouts, index, revision),
                    differ.diff(before, candidate)));
    var now = clock.instant();
    return judge.judge(
        new Candidacy(
            series,
            PolicyEditor.mode(policy, series),
            predecessor,
            plan.kernel(revision),
            new StoredKernel(candidate, layouts, index, revision),
            claims.at(index, revision, now),
            stability::of,
            index.rulings().waivers(series, revision),
            revision,
            now));
  }

  private static boolean joins(RegistrationPlan plan, String series) {
    return plan.index()
        .kernelById(plan.kernelId(), plan.base())
        .map(known -> !known.isIn(series, plan.base()))
        .orElse(true);
  }

  /// The kernel as the index has it or would have it, with the BTF that came with it.
  private static KernelEntry candidate(RegistrationPlan plan, Optional<KernelEntry> known) {
    if (known.isPresent() && !plan.typesAdded()) {
      return known.get();
    }
    Delta delta =
        CommitReader.read(
            plan.index(), new Store.Commit(plan.base() + 1, 0, plan.commit().toByteArray()));
    return known
        .map(kernel -> kernel.with(delta.typesOf(kernel).orElseThrow(), plan.base()))
        .orElseGet(() -> delta.kernels().getFirst());
  }

  private static String refusal(Report report) {
    List<Finding> breaks =
        report.findings().stream().filter(f -> f.verdict() == Verdict.BREAK).toList();
    Finding first = breaks.getFirst();
    return "the kernel "
        + report.candidate().identity().release()
        + " breaks the series "
        + report.series()
        + ", which enforces: "
        + first.event()
        + (first.change().field().isEmpty() ? "" : "." + first.change().field())
        + ": "
        + first.explanation()
        + (breaks.size() > 1 ? String.format(" (and %,d more)", breaks.size() - 1) : "")
        + "; nothing was registered; `tracery check` shows the whole report, and `tracery waive`"
        + " accepts a break";
  }
}
