package dev.tracery.registry;

import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.Consumer;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.v1.KernelTypes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a kernel breaks and for whom. Part of the [Registry], whose rules for calls hold here, too.
public interface Compatibility {

  /// Begins to judge a kernel against the latest of a series, or, if it is in the series, against
  /// the one before it there. Not thread-safe; stores nothing.
  Check check(KernelIdentity identity, String series);

  /// Whether a tool can run on a kernel.
  KernelFit canRunOn(Consumer tool, String kernel, long atRevision);

  /// Whether a tool can run on each of the latest `limit` kernels of a series, in its order.
  List<KernelFit> canRunIn(Consumer tool, String series, int limit, long atRevision);

  /// Gives a waiver, whose time and revision are not read.
  Waiver waive(Waiver waiver);

  /// Waivers in the order in which they were given, of a series if that is not empty, from index
  /// `from` on.
  List<Waiver> waivers(String series, int from, int limit, long atRevision);

  /// What series do with breaks, and which events are how stable.
  Policy policy(long atRevision);

  /// Changes the policy. Modes and classes that are null take a rule away.
  Policy updatePolicy(List<ModeRule> modes, List<StabilityRule> stability);

  /// A check that is being put together.
  interface Check extends AutoCloseable {
    /// As [Registry.Registration#add].
    void add(EventName event, int id, String file, byte[] text, Optional<Sha256> claimedHash);

    /// As [Registry.Registration#add].
    void add(EventName event, int id, Sha256 layoutHash);

    /// As [Registry.Registration#addSystem].
    void addSystem(String system, Sha256 node, int firstId);

    /// Adds what the kernel's BTF says, or a part of it.
    void addTypes(KernelTypes types);

    /// Judges.
    CheckResult finish();

    /// Drops what was not finished.
    @Override
    void close();
  }

  /// What a check found.
  record CheckResult(Report report, List<Diagnostic> warnings, int warningCount) {}

  /// What a change means; the later constant is the worse.
  enum Verdict {
    /// Nobody who depends on anything is harmed.
    COMPATIBLE,
    /// Something was removed that nobody uses.
    UNUSED,
    /// A break that was waived.
    WAIVED,
    /// The formats cannot decide; a person must.
    REVIEW,
    /// Somebody who depends on it is harmed.
    BREAK
  }

  /// What a series does with a candidate that breaks.
  enum Mode {
    /// Stored, with the report.
    ADVISE,
    /// Refused.
    ENFORCE
  }

  /// How stable an event is without any consumer.
  enum Stability {
    /// As stable as a system call.
    STABLE,
    /// Locked by consumers only.
    INTERNAL,
    /// Made by the user at run time: no policy.
    DYNAMIC
  }

  /// How a candidate compares with the kernel before it in its series.
  ///
  /// @param predecessor empty where the candidate is the first of its series
  /// @param candidate with revision 0 where it is not registered
  /// @param verdict the worst of the parts
  /// @param findings breaks, reviews and what of them was waived, the worst first; then what is
  ///   [Verdict#COMPATIBLE] but must be said: another name under a claim on bytes, a loss that a
  ///   tool runs without. Then by event, field and consumer; 10,000 at most
  /// @param unmet requirements that held neither before nor now; 10,000 at most
  /// @param unknown questions that the registry cannot answer; 1,000 at most
  /// @param harmless every other change
  /// @param requirementsJudged of live claims
  /// @param revision at which it was computed
  /// @param time at which it was computed: by it observed claims have lapsed or not
  record Report(
      String series,
      Optional<Kernel> predecessor,
      Kernel candidate,
      Verdict verdict,
      Mode mode,
      List<Finding> findings,
      int findingCount,
      List<Unmet> unmet,
      int unmetCount,
      List<Unmet> unknown,
      int unknownCount,
      List<ChangeCount> harmless,
      int requirementsJudged,
      long revision,
      Instant time) {}

  /// One break, waived break or review, or something compatible that must be said. What several
  /// versions of a tool claim is one finding.
  ///
  /// @param consumer null for a rule that needs none
  /// @param access null for a rule that needs no consumer
  /// @param explanation what the change means for this consumer: one sentence
  /// @param remedy what would mend it: one sentence
  /// @param question of a review, what a person must answer; otherwise empty
  /// @param waiver the waiver's name; empty where it is not waived
  /// @param hint what may have become of it; may be empty
  record Finding(
      Verdict verdict,
      @Nullable ConsumerRef consumer,
      @Nullable AccessClass access,
      EventName event,
      Stability stability,
      Change change,
      String explanation,
      String remedy,
      String question,
      String waiver,
      String hint) {}

  /// A consumer, by name.
  record ConsumerRef(String name, String version, Consumers.Origin origin, String source) {}

  /// A requirement that does not hold, or of which that is not known.
  ///
  /// @param event of its preferred use; null where a whole kernel is pinned
  record Unmet(
      ConsumerRef consumer,
      @Nullable EventName event,
      AccessClass access,
      String reason,
      boolean optional) {}

  /// How often something changed without harm.
  ///
  /// @param examples events, 5 at most
  record ChangeCount(ChangeKind kind, Verdict verdict, int count, List<EventName> examples) {}

  /// Whether a tool can run; the later constant is the worse.
  enum RunOutcome {
    /// Everything that it requires and would like is there.
    ACCEPTED,
    /// Everything that it requires is there, something that it would like is not.
    DEGRADED,
    /// The registry cannot tell.
    UNKNOWN,
    /// Something that it requires is not there.
    REJECTED
  }

  /// How a field, an event or a requirement stands on a kernel. Named as in the protocol.
  enum FitReason {
    EXACT,
    WIDENED,
    NARROWED,
    MOVED,
    MISSING,
    KIND_CHANGED,
    SIGN_CHANGED,
    SYMBOLS_CHANGED,
    LENGTH_CHANGED,
    STORAGE_CHANGED,
    ORDER_CHANGED,
    TEXT_CHANGED,
    PARAMETERS_CHANGED,
    OTHER_KERNEL,
    NO_BTF,
    NEED_FORMAT,
    NAME_CHANGED,
    BRIDGED
  }

  /// How a tool fits a kernel.
  ///
  /// @param requirements one for each of the tool's, in their order
  record KernelFit(
      String kernel, String release, RunOutcome outcome, List<RequirementFit> requirements) {}

  /// How one requirement stands on a kernel.
  ///
  /// @param chosen the place of the use that was chosen: the first that holds, or the first of
  ///   which that is not known, or the first
  /// @param explanation for people; empty where it is exact
  /// @param fields one for each field of the chosen use, in their order
  record RequirementFit(
      RunOutcome outcome,
      int chosen,
      FitReason reason,
      String explanation,
      List<FieldFit> fields) {}

  /// How one field stands on a kernel.
  ///
  /// @param name that was found, or the preferred one
  record FieldFit(String name, FitReason reason, boolean usable, String explanation) {}

  /// A break that is accepted. Selectors that are empty match everything.
  ///
  /// @param kernel the candidate's id or release
  /// @param consumer its name
  /// @param field empty is any, and changes of the event
  /// @param kind null is any
  record Waiver(
      String name,
      String reason,
      String author,
      String series,
      String kernel,
      String consumer,
      EventName event,
      String field,
      @Nullable ChangeKind kind,
      Instant created,
      long revision) {}

  /// What series do with breaks, and which events are how stable.
  ///
  /// @param modes those that were set
  /// @param stability the first whose glob matches wins; the policy's own last
  record Policy(
      Mode defaultMode, List<ModeRule> modes, List<StabilityRule> stability, long revision) {}

  /// What one series does.
  ///
  /// @param series `*` is the default of all
  record ModeRule(String series, @Nullable Mode mode) {}

  /// How stable some events are.
  ///
  /// @param events a glob over `system/name`
  /// @param builtIn whether the policy begins with it
  record StabilityRule(String events, @Nullable Stability stability, boolean builtIn) {}
}
