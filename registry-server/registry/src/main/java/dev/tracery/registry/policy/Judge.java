package dev.tracery.registry.policy;

import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.Finding;
import dev.tracery.registry.Compatibility.Report;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.policy.Candidacy.Predecessor;
import dev.tracery.registry.policy.ClaimIndex.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Judges a kernel against the kernel before it in its series. Thread-safe.
///
/// A requirement that held on the predecessor and no longer holds, or of which a change harms what
/// it locks, is a break; the verdict of each change is the [RuleTable]'s. One that did not hold
/// before either is not this kernel's doing. What several versions of a tool say is told once, of
/// the declared one or the newest.
public final class Judge {

  private static final int MAX_FINDINGS = 10_000;
  private static final int MAX_UNMET = 10_000;
  private static final int MAX_UNKNOWN = 1_000;

  private final RequirementEvaluator evaluator;

  public Judge(RequirementEvaluator evaluator) {
    this.evaluator = evaluator;
  }

  /// The report.
  public Report judge(Candidacy candidacy) {
    FindingList findings =
        new FindingList(
            new WaiverMatcher(candidacy.waivers(), candidacy.series(), candidacy.candidate()));
    UnmetList unmet = new UnmetList();
    UnmetList unknown = new UnmetList();
    HarmlessTally harmless = new HarmlessTally();
    Optional<Predecessor> predecessor = candidacy.predecessor();
    if (predecessor.isPresent()) {
      EventCases cases = new EventCases(candidacy, predecessor.get());
      Judgement judgement =
          new Judgement(evaluator, candidacy, predecessor.get(), cases, findings, unmet, unknown);
      candidacy.claims().entries().forEach(judgement::judge);
      new UnclaimedChanges(candidacy, predecessor.get(), cases, findings).judge(harmless);
    } else {
      candidacy.claims().entries().forEach(entry -> alone(entry, candidacy, unmet, unknown));
    }
    List<Finding> sorted = findings.sorted();
    return new Report(
        candidacy.series(),
        predecessor.map(Predecessor::kernel),
        candidacy.candidate(),
        verdict(sorted, harmless),
        candidacy.mode(),
        sorted.subList(0, Math.min(sorted.size(), MAX_FINDINGS)),
        sorted.size(),
        unmet.sorted(MAX_UNMET),
        unmet.size(),
        unknown.sorted(MAX_UNKNOWN),
        unknown.size(),
        harmless.counts(),
        candidacy.claims().requirementCount(),
        candidacy.revision(),
        candidacy.time());
  }

  /// The first kernel of a series breaks nothing.
  private void alone(Entry entry, Candidacy candidacy, UnmetList unmet, UnmetList unknown) {
    List<UseFit> fits = new ArrayList<>(entry.memos().size());
    for (int i = 0; i < entry.memos().size(); i++) {
      EventName event = entry.requirement().anyOf().get(i).event();
      UseFit fit =
          Judgement.fit(
              evaluator,
              entry,
              i,
              candidacy.view(),
              event == null ? Optional.empty() : candidacy.view().layoutHash(event));
      if (fit.holds()) {
        return;
      }
      fits.add(fit);
    }
    UnmetList.add(entry, fits, unmet, unknown);
  }

  private static Verdict verdict(List<Finding> findings, HarmlessTally harmless) {
    Verdict least = harmless.hasUnused() ? Verdict.UNUSED : Verdict.COMPATIBLE;
    Verdict worst = findings.isEmpty() ? least : findings.getFirst().verdict();
    return worst.compareTo(least) > 0 ? worst : least;
  }
}
