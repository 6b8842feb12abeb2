package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.FitReason;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.policy.Candidacy.Predecessor;
import dev.tracery.registry.policy.ClaimIndex.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Judges requirements of a candidate that has a predecessor. Not thread-safe.
final class Judgement {

  private static final String RUNS_WITHOUT = "{tool} runs without it.";
  private static final String REFUSED = "{tool} will be refused here.";

  private final RequirementEvaluator evaluator;
  private final Touches touches;
  private final Candidacy candidacy;
  private final Predecessor predecessor;
  private final FindingList findings;
  private final UnmetList unmet;
  private final UnmetList unknown;
  private final EventCases cases;

  Judgement(
      RequirementEvaluator evaluator,
      Candidacy candidacy,
      Predecessor predecessor,
      EventCases cases,
      FindingList findings,
      UnmetList unmet,
      UnmetList unknown) {
    this.evaluator = evaluator;
    this.touches = new Touches(evaluator);
    this.candidacy = candidacy;
    this.predecessor = predecessor;
    this.cases = cases;
    this.findings = findings;
    this.unmet = unmet;
    this.unknown = unknown;
  }

  /// Judges one requirement.
  void judge(Entry entry) {
    List<EventUse> uses = entry.requirement().anyOf();
    List<UseFit> after = new ArrayList<>(uses.size());
    boolean differs = false;
    boolean holds = false;
    for (int i = 0; i < uses.size(); i++) {
      UseFit fit = fit(entry, i, true);
      after.add(fit);
      holds |= fit.holds();
      differs |= differs(uses.get(i));
    }
    if (!differs) {
      if (!holds) {
        notHolding(entry, after);
      }
      return;
    }
    List<UseFit> before = new ArrayList<>(uses.size());
    boolean held = false;
    for (int i = 0; i < uses.size(); i++) {
      UseFit fit = fit(entry, i, false);
      before.add(fit);
      held |= fit.holds();
    }
    if (held) {
      relative(entry, before, after);
    } else if (!holds) {
      notHolding(entry, after);
    }
  }

  private boolean differs(EventUse use) {
    EventName event = use.event();
    return event == null
        || use.access() == AccessClass.PINNED_KERNEL
        || use.access() == AccessClass.BTF_STRUCT
        || use.access() == AccessClass.RAW_ARGS
        || eventCase(event).differs();
  }

  /// A requirement that held on the predecessor. It holds while one of its uses does and is not
  /// harmed.
  private void relative(Entry entry, List<UseFit> before, List<UseFit> after) {
    List<EventUse> uses = entry.requirement().anyOf();
    int best = -1;
    Verdict bestVerdict = Verdict.BREAK;
    List<List<Judged>> judged = new ArrayList<>(uses.size());
    for (int i = 0; i < uses.size(); i++) {
      List<Judged> ofUse =
          before.get(i).holds() ? judged(entry, i, after.get(i)) : List.<Judged>of();
      judged.add(ofUse);
      Verdict verdict = worst(ofUse);
      if (after.get(i).holds() && verdict.compareTo(bestVerdict) < 0) {
        best = i;
        bestVerdict = verdict;
      }
    }
    if (best >= 0) {
      tell(entry, uses.get(best), judged.get(best), bestVerdict);
      if (before.get(best).holds()) {
        otherNames(entry, best, before.get(best), after.get(best));
      }
      return;
    }
    for (int i = 0; i < uses.size(); i++) {
      if (worst(judged.get(i)) == Verdict.BREAK) {
        tell(entry, uses.get(i), judged.get(i), Verdict.BREAK);
        return;
      }
    }
    unexplained(entry, before, after, judged);
  }

  /// A change that touches a use, with what that means.
  private record Judged(Touch touch, Rule rule) {}

  private List<Judged> judged(Entry entry, int number, UseFit after) {
    EventUse use = entry.requirement().anyOf().get(number);
    EventName event = use.event();
    if (event == null) {
      return List.of();
    }
    EventCase ofEvent = eventCase(event);
    List<Touch> touching =
        UseMemo.isByLayout(use)
            ? entry
                .memos()
                .get(number)
                .touches()
                .get(ofEvent, () -> touches.of(use, ofEvent, after))
            : touches.of(use, ofEvent, after);
    List<Judged> judged = new ArrayList<>(touching.size());
    for (Touch touch : touching) {
      if (touch.change().kind() == ChangeKind.STRUCT && after.outcome() == RunOutcome.UNKNOWN) {
        // Why: without the candidate's BTF nobody can say that the struct changed.
        continue;
      }
      judged.add(
          new Judged(
              touch,
              RuleTable.POLICY.rule(touch.change().kind(), use.access(), ofEvent.stability())));
    }
    return judged;
  }

  private static Verdict worst(List<Judged> judged) {
    Verdict worst = Verdict.COMPATIBLE;
    for (Judged each : judged) {
      if (!each.touch.optional() && each.rule.verdict().compareTo(worst) > 0) {
        worst = each.rule.verdict();
      }
    }
    return worst;
  }

  /// Tells what harms, and what the tool loses but runs without.
  private void tell(Entry entry, EventUse use, List<Judged> judged, Verdict verdict) {
    boolean optional = entry.requirement().optional();
    EventCase event = use.event() == null ? null : eventCase(use.event());
    for (Judged each : judged) {
      if (event == null || each.rule.verdict().compareTo(Verdict.REVIEW) < 0) {
        continue;
      }
      if (optional || each.touch.optional()) {
        tell(entry, each, event, Verdict.COMPATIBLE, RUNS_WITHOUT);
      } else if (each.rule.verdict() == verdict) {
        tell(entry, each, event, verdict, "");
      }
    }
  }

  private void tell(Entry entry, Judged each, EventCase event, Verdict verdict, String remark) {
    findings.add(each.rule, verdict, entry.holders(), event, each.touch.change(), remark);
    if (verdict != Verdict.COMPATIBLE) {
      cases.told(event.name(), each.touch.change());
    }
  }

  /// The same bytes under another name: nothing breaks, but it must be said.
  private void otherNames(Entry entry, int number, UseFit before, UseFit after) {
    EventUse use = entry.requirement().anyOf().get(number);
    if (use.access() != AccessClass.BY_OFFSET || use.event() == null) {
      return;
    }
    EventCase event = eventCase(use.event());
    List<Change> changes =
        UseMemo.isByLayout(use)
            ? entry
                .memos()
                .get(number)
                .otherNames()
                .get(event, () -> otherNames(use, event, before, after))
            : otherNames(use, event, before, after);
    for (Change change : changes) {
      findings.add(
          RuleTable.POLICY.rule(change.kind(), use.access(), event.stability()),
          Verdict.COMPATIBLE,
          entry.holders(),
          event,
          change,
          "");
    }
  }

  private static List<Change> otherNames(
      EventUse use, EventCase event, UseFit before, UseFit after) {
    List<Change> changes = new ArrayList<>();
    Layout was = event.layoutBefore();
    Layout is = event.layoutAfter();
    for (int i = 0; i < after.fields().size() && was != null && is != null; i++) {
      FieldUse field = use.fields().get(i);
      FieldFit now = after.fields().get(i);
      Field old = LayoutFields.covering(was, field, Objects.requireNonNull(field.place()));
      Field young = LayoutFields.covering(is, field, field.place());
      if (now.usable()
          && before.fields().get(i).usable()
          && old != null
          && young != null
          && !old.name().equals(young.name())) {
        changes.add(
            new Change(
                ChangeKind.FIELD_RENAMED,
                old.name(),
                old.occurrence(),
                old.declaration(),
                young.declaration()));
      }
    }
    return changes;
  }

  /// A requirement that held and does not hold, though no rule says that it is harmed: because it
  /// locks nothing, because it cannot be known any more, or because there is no policy.
  private void unexplained(
      Entry entry, List<UseFit> before, List<UseFit> after, List<List<Judged>> judged) {
    List<EventUse> uses = entry.requirement().anyOf();
    for (int i = 0; i < uses.size(); i++) {
      EventUse use = uses.get(i);
      if (!before.get(i).holds()
          || after.get(i).outcome() != RunOutcome.REJECTED
          // Why: a sign that was not known did not change.
          || after.get(i).reason() == FitReason.SIGN_CHANGED) {
        continue;
      }
      EventCase event = use.event() == null ? null : eventCase(use.event());
      if (use.access() == AccessClass.RAW_ARGS && event != null) {
        for (Judged each : judged.get(i)) {
          tell(entry, each, event, Verdict.COMPATIBLE, after.get(i).explanation() + ". " + REFUSED);
        }
      } else if (use.access() != AccessClass.PINNED_KERNEL
          && event != null
          && event.stability() != Stability.DYNAMIC) {
        Change change = change(after.get(i));
        Rule rule = RuleTable.POLICY.rule(change.kind(), use.access(), event.stability());
        tell(
            entry,
            new Judged(new Touch(change, false), rule),
            event,
            entry.requirement().optional() ? Verdict.COMPATIBLE : Verdict.BREAK,
            "");
        return;
      }
    }
    notHolding(entry, after);
  }

  /// What must have changed where a use no longer fits, by why it does not.
  private static Change change(UseFit fit) {
    String field = "";
    for (FieldFit each : fit.fields()) {
      if (!each.usable() && field.isEmpty()) {
        field = each.name();
      }
    }
    ChangeKind kind =
        switch (fit.reason()) {
          case KIND_CHANGED -> ChangeKind.FIELD_KIND;
          case SIGN_CHANGED -> ChangeKind.FIELD_SIGNEDNESS;
          case SYMBOLS_CHANGED -> ChangeKind.FIELD_SYMBOLS;
          case LENGTH_CHANGED -> ChangeKind.FIELD_LENGTH;
          case STORAGE_CHANGED -> ChangeKind.FIELD_STORAGE;
          case ORDER_CHANGED -> ChangeKind.FIELD_ORDER;
          case TEXT_CHANGED -> ChangeKind.PRINT_FORMAT;
          case WIDENED -> ChangeKind.FIELD_WIDENED;
          case NARROWED -> ChangeKind.FIELD_NARROWED;
          case MOVED -> ChangeKind.FIELD_MOVED;
          default -> field.isEmpty() ? ChangeKind.EVENT_REMOVED : ChangeKind.FIELD_REMOVED;
        };
    return new Change(kind, field, 0, "", fit.explanation());
  }

  /// Not satisfied, or not known to be.
  private void notHolding(Entry entry, List<UseFit> after) {
    UnmetList.add(entry, after, unmet, unknown);
  }

  private UseFit fit(Entry entry, int use, boolean onCandidate) {
    EventName event = entry.requirement().anyOf().get(use).event();
    if (event == null) {
      return fit(evaluator, entry, use, view(onCandidate), Optional.empty());
    }
    EventCase ofEvent = eventCase(event);
    return fit(
        evaluator,
        entry,
        use,
        view(onCandidate),
        onCandidate ? ofEvent.hashAfter() : ofEvent.hashBefore());
  }

  private KernelView view(boolean onCandidate) {
    return onCandidate ? candidacy.view() : predecessor.view();
  }

  /// How a use stands, from memory where it depends on nothing but the event's layout.
  ///
  /// @param hash of the event's layout; empty if there is no such event
  static UseFit fit(
      RequirementEvaluator evaluator,
      Entry entry,
      int number,
      KernelView kernel,
      Optional<Sha256> hash) {
    EventUse use = entry.requirement().anyOf().get(number);
    if (hash.isEmpty() || !UseMemo.isByLayout(use)) {
      return evaluator.evaluate(use, kernel);
    }
    FitMemo memo = entry.memos().get(number).fits();
    @Nullable UseFit known = memo.get(hash.get());
    if (known == null) {
      known = evaluator.evaluate(use, kernel);
      if (known.reason() != FitReason.NEED_FORMAT) {
        memo.put(hash.get(), known);
      }
    }
    return known;
  }

  private EventCase eventCase(EventName event) {
    return cases.of(event);
  }
}
